import type { Redis } from 'ioredis'
import type { Decision, Limiter } from './limiter.ts'
import { RedisScript } from './redis-script.ts'
import type { Rule } from './rule.ts'
import { slidingDecision, slidingScript } from './sliding-window.ts'
import { bucketDecision, bucketScript } from './token-bucket.ts'

type BucketReply = [allowed: number, level: number]
type WindowReply = [
  allowed: number,
  count: number,
  retryUs: number,
  nextUs: number,
  resetUs: number,
]

/**
 * Counts in Redis, for all processes. Each question is one script, so nobody comes between looking
 * and counting; time is that of Redis, so the clocks of the processes do not matter.
 */
export class RedisLimiter implements Limiter {
  readonly #redis: Redis
  readonly #bucket: RedisScript<BucketReply>
  readonly #window: RedisScript<WindowReply>

  constructor(redis: Redis) {
    this.#redis = redis
    this.#bucket = new RedisScript(redis, bucketScript)
    this.#window = new RedisScript(redis, slidingScript)
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
    const id = rule.id + key
    // One text costs less than four numbers.
    const question = `${rule.windowUs} ${rule.limit} ${cost} ${take}`
    return rule.algorithm === 'token-bucket'
      ? this.#bucket.run(id, question, ([allowed, level]) =>
          bucketDecision(allowed === 1, level, rule, cost),
        )
      : this.#window.run(id, question, ([allowed, count, retryUs, nextUs, resetUs]) =>
          slidingDecision({ allowed: allowed === 1, count, retryUs, nextUs, resetUs }, rule),
        )
  }
}
