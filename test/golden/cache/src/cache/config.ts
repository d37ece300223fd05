import { Type } from 'typebox'
import { integer } from '../config/types.ts'

interface Settings {
  cache: { store?: string; durableWrites: boolean }
  redis: { url?: string }
}

/** What is cached, where, and for how long. */
export const cache = Type.Object({
  /**
   * `tiered` is memory before Redis. Default: `redis` with REDIS_URL; without, `memory`, or `none`
   * with several workers.
   */
  store: Type.Optional(
    Type.Enum(['none', 'memory', 'redis', 'tiered'], {
      env: 'CACHE_STORE',
      conflict: ({ cache: { store = 'none' }, redis }: Settings) =>
        redis.url || !/redis|tiered/.test(store) ? undefined : 'memory or none without REDIS_URL',
    }),
  ),
  /** How cached functions read, where they don't say. */
  strategy: Type.Enum(['cache_aside', 'refresh_ahead', 'write_through', 'write_behind'], {
    env: 'CACHE_STRATEGY',
    default: 'cache_aside',
  }),
  /** How long (s) a value stays fresh, where the caller doesn't say. */
  ttl: integer('CACHE_TTL', 60, { minimum: 1, maximum: 86_400 }),
  /** How long (s) after that it may still be served while its source fails. */
  grace: integer('CACHE_GRACE', 60, { minimum: 0, maximum: 86_400 }),
  /** Bytes of values that a process keeps in memory. */
  maxSize: integer('CACHE_MAX_SIZE', 64e6, { minimum: 1_000, maximum: 8e9 }),
  /** Part of every key. Change it when cached values change their shape. */
  version: Type.String({ env: 'CACHE_VERSION', default: '1', pattern: '^[\\w.-]{1,40}$' }),
  /** Keep writes that wait in a stream of Redis, so that they outlive the process. */
  durableWrites: Type.Boolean({
    env: 'CACHE_DURABLE_WRITES',
    default: false,
    conflict: ({ cache, redis }: Settings) =>
      cache.durableWrites && !redis.url ? 'false without REDIS_URL' : undefined,
  }),
})
