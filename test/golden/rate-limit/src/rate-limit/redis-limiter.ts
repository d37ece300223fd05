import type { Redis, Result } from 'ioredis'
import type { Decision, Limiter } from './limiter.ts'
import type { Rule } from './rule.ts'
import { slidingDecision, slidingScript } from './sliding-window.ts'
import { bucketDecision, bucketScript } from './token-bucket.ts'

type Arguments = [key: string, windowUs: number, limit: number, cost: number, take: 0 | 1]

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

  async #ask(key: string, rule: Rule, cost: number, take: 0 | 1): Promise<Decision> {
    const args: Arguments = [rule.id + key, rule.windowUs, rule.limit, cost, take]
    if (rule.algorithm === 'token-bucket') {
      const [allowed, level] = await this.#redis.rateLimitBucket(...args)
      return bucketDecision(allowed === 1, level, rule, cost)
    }
    const [allowed, count, retryUs, nextUs, resetUs] = await this.#redis.rateLimitWindow(...args)
    return slidingDecision({ allowed: allowed === 1, count, retryUs, nextUs, resetUs }, rule)
  }
}
