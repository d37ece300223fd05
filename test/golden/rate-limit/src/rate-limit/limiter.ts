import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { ServiceUnavailableError } from '../http/app-error.ts'
import {
  type Bucket,
  type BucketState,
  bucketDecision,
  bucketScript,
  type Log,
  pour,
  slide,
  type WindowState,
  windowDecision,
  windowScript,
} from './algorithms.ts'
import type { Rule } from './rules.ts'

/** What a limiter decided about a request. */
export interface Decision {
  allowed: boolean
  /** Units of cost that are left. */
  remaining: number
  /** Milliseconds until one more unit is left; 0 if none is used. */
  nextAfterMs: number
  /** Milliseconds until no unit is used any more, if nothing else happens. */
  resetAfterMs: number
  /** Milliseconds until the same request would be allowed; 0 if it is. */
  retryAfterMs: number
}

/** Counts what clients do. */
export interface Limiter {
  /**
   * Uses `cost` units of what the rule allows the client `key`, if as many are left. A cost of 0
   * only looks. Counters in memory decide at once, without a promise.
   */
  check(key: string, rule: Rule, cost: number): Decision | Promise<Decision>
  /** Forgets what the client has used. */
  reset(key: string, rule: Rule): Promise<void>
}

type Question = Parameters<Limiter['check']>

/** So many entries of a sliding window take as much memory as a counter. */
const entriesPerCounter = 20

/**
 * Counts in this process.
 *
 * @param maxCounters how many to keep for each algorithm; those used least recently are dropped
 */
export function memoryLimiter(maxCounters = 100_000) {
  const buckets = new LRUCache<string, Bucket>({ maxSize: maxCounters, sizeCalculation: () => 1 })
  const logs = new LRUCache<string, Log>({ maxSize: maxCounters * entriesPerCounter })
  return {
    check(key: string, rule: Rule, cost: number): Decision {
      const id = rule.counterPrefix + key
      const now = Math.floor(performance.now())
      if (rule.algorithm === 'token-bucket') {
        const bucket = buckets.get(id) ?? { level: 0, at: now }
        const decision = pour(bucket, rule, cost, now)
        if (bucket.level > 0) buckets.set(id, bucket)
        return decision
      }
      const log = logs.get(id) ?? []
      const decision = slide(log, rule, cost, now)
      if (log.length > 0) logs.set(id, log, { size: entriesPerCounter + log.length })
      return decision
    },

    async reset(key: string, { counterPrefix }: Rule): Promise<void> {
      buckets.delete(counterPrefix + key)
      logs.delete(counterPrefix + key)
    },
  } satisfies Limiter
}

declare module 'ioredis' {
  interface Redis {
    tokenBucket(key: string, ...numbers: number[]): Promise<BucketState>
    slidingWindow(key: string, ...numbers: number[]): Promise<WindowState>
  }
}

/**
 * Counts in Redis, for all processes. Each check is one script, so nobody gets between looking and
 * counting, and it uses Redis' clock, so the clocks of the processes don't matter.
 */
export function redisLimiter(redis: Redis) {
  redis.defineCommand('tokenBucket', { numberOfKeys: 1, lua: bucketScript })
  redis.defineCommand('slidingWindow', { numberOfKeys: 1, lua: windowScript })
  return {
    async check(key: string, rule: Rule, cost: number): Promise<Decision> {
      const { counterPrefix, algorithm, windowMs, limit } = rule
      const id = counterPrefix + key
      return algorithm === 'sliding-window'
        ? windowDecision(rule, await redis.slidingWindow(id, windowMs, limit, cost))
        : bucketDecision(rule, cost, await redis.tokenBucket(id, windowMs, limit, cost))
    },

    async reset(key: string, { counterPrefix }: Rule): Promise<void> {
      await redis.unlink(counterPrefix + key)
    },
  } satisfies Limiter
}

/** Pause between two attempts to reach a lost store. A command in flight fails before it is over. */
const retryDelayMs = 1_000

/**
 * Keeps limiting while the store is away. Meanwhile one request a second tries the store.
 *
 * @param fallback decides while the store is away; without one, checks reject with a 503
 * @param onMiss called for each check that the store doesn't decide
 */
export function guardedLimiter(
  store: Limiter,
  fallback: Limiter | undefined,
  log: Pick<FastifyBaseLogger, 'error' | 'warn'>,
  onMiss: (rule: Rule) => void = () => {},
) {
  let isLost = false
  let retryAt = 0

  const withoutStore = (cause: unknown, question: Question) => {
    onMiss(question[1])
    return fallback?.check(...question) ?? unavailable(cause)
  }

  return {
    async check(...question: Question): Promise<Decision> {
      const isRetry = isLost
      if (isLost) {
        const now = performance.now()
        if (now < retryAt) return withoutStore(undefined, question)
        retryAt = now + retryDelayMs
      }
      try {
        const decision = await store.check(...question)
        // A late reply to a question from before the loss says nothing about now.
        if (isLost && isRetry) {
          isLost = false
          log.warn('rate limit store is back')
        }
        return decision
      } catch (err) {
        if (!isLost) {
          isLost = true
          retryAt = performance.now() + retryDelayMs
          log.error({ err, fails: fallback ? 'open' : 'closed' }, 'rate limit store lost')
        }
        return withoutStore(err, question)
      }
    },

    async reset(key, rule) {
      await fallback?.reset(key, rule)
      await store.reset(key, rule).catch(unavailable)
    },
  } satisfies Limiter
}

async function unavailable(cause: unknown): Promise<never> {
  throw new ServiceUnavailableError('Requests cannot be counted right now.', 1, { cause })
}
