import { createRequire } from 'node:module'
import { Type } from 'typebox'
import { name } from '../about.ts'
import { optionalText } from '../config/types.ts'

const require = createRequire(import.meta.url)

// A raw #, / or ? in a password ends the host early: the rest would be read as something else.
const shape = /^rediss?:\/\/([^/?#]*@)?[^/?#@]+(\/\d*)?(\?[^#@]*)?$/

/** Whether ioredis reads the URL as it was meant; a database that isn't a number would become 0. */
function isRedisUrl(text: string): boolean {
  // Loaded only if a URL is set: it takes a tenth of the start and 15 MiB.
  const { Redis }: typeof import('ioredis') = require('ioredis')
  return shape.test(text) && Number.isInteger(new Redis(text, { lazyConnect: true }).options.db)
}

/** The Redis that all processes of the service share, if there is one. */
export const redis = Type.Object({
  /** Redis shared by all processes; without it each process counts and caches in memory. */
  url: optionalText({
    env: 'REDIS_URL',
    secret: true,
    isValid: isRedisUrl,
    expected: 'a URL such as redis://:password@host:6379/0, with a percent-encoded password',
  }),
  /** Prefix of every key, so that several services can share one Redis. */
  keyPrefix: Type.String({ env: 'REDIS_KEY_PREFIX', default: `${name}:` }),
})
