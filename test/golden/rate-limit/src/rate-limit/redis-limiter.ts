import type { Redis, Result } from 'ioredis'
import type { Decision, Limiter } from './limiter.ts'
import type { Rule } from './rule.ts'
import { slidingDecision, slidingScript } from './sliding-window.ts'
import { bucketDecision, bucketScript } from './token-bucket.ts'

/** One text costs less than four: window in microseconds, limit, cost, and whether to count (0, 1). */
type Arguments = [key: string, question: string]

declare module 'ioredis' {
  interface RedisCommander<Context> {
    rateLimitBucket(...args: Arguments): Result<[allowed: number, level: number], Context>
    rateLimitWindow(
      ...args: Arguments
    ): Result<
      [allowed: number, count: number, retryUs: number, nextUs: number, resetUs: number],
      Context
    >
  }
}

/**
 * Counts in Redis, for all processes. Each question is one script, so nobody comes between looking
 * and counting; time is that of Redis, so the clocks of the processes do not matter.
 */
export class RedisLimiter implements Limiter {
  readonly #redis: Redis

  constructor(redis: Redis) {
    this.#redis = redis
    redis.defineCommand('rateLimitBucket', { numberOfKeys: 1, lua: bucketScript })
    redis.defineCommand('rateLimitWindow', { numberOfKeys: 1, lua: slidingScript })
  }

  check(key: string, rule: Rule, cost: number): Promise<Decision> {
    return this.#ask(key, rule, cost, 1)
  }

  inspect(key: string, rule: Rule): Promise<Decision> {
    return this.#ask(key, rule, 1, 0)
  }

  async reset(key: string, rule: Rule): Promise<void> {
    await this.#redis.unlink(rule.id + key)
  }

  #ask(key: string, rule: Rule, cost: number, take: 0 | 1): Promise<Decision> {
    const args: Arguments = [rule.id + key, `${rule.windowUs} ${rule.limit} ${cost} ${take}`]
    if (rule.algorithm === 'token-bucket') {
      return this.#redis
        .rateLimitBucket(...args)
        .then(([allowed, level]) => bucketDecision(allowed === 1, level, rule, cost))
    }
    return this.#redis
      .rateLimitWindow(...args)
      .then(([allowed, count, retryUs, nextUs, resetUs]) =>
        slidingDecision({ allowed: allowed === 1, count, retryUs, nextUs, resetUs }, rule),
      )
  }
}
