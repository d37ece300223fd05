import { auth } from './auth.ts'
import { cache } from './cache.ts'
import { database } from './database.ts'
import { docker } from './docker.ts'
import type { Feature } from './feature.ts'
import { rateLimit } from './rate-limit.ts'
import { redis } from './redis.ts'
import { requestLogging } from './request-logging.ts'
import { resilience } from './resilience.ts'

/** All features, in the order in which they are offered, recorded and rendered. */
export const features: readonly Feature[] = [
  redis,
  database,
  auth,
  rateLimit,
  cache,
  requestLogging,
  resilience,
  docker,
]
