import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/**
 * A script that Redis keeps and runs by its hash. `defineCommand` of ioredis does that too, and
 * takes more time of every request for it.
 */
export class RedisScript<Reply> {
  readonly #redis: Redis
  readonly #lua: string
  readonly #hash: string

  constructor(redis: Redis, lua: string) {
    this.#redis = redis
    this.#lua = lua
    this.#hash = createHash('sha1').update(lua).digest('hex')
  }

  /** Runs it on one key, with one argument, and gives what `read` makes of its reply. */
  run<Result>(key: string, argument: string, read: (reply: Reply) => Result): Promise<Result> {
    const answer = (reply: unknown) => read(reply as Reply)
    return this.#redis.evalsha(this.#hash, 1, key, argument).then(answer, (error: Error) => {
      // After its start Redis has no scripts.
      if (!error.message.startsWith('NOSCRIPT')) throw error
      return this.#redis.eval(this.#lua, 1, key, argument).then(answer)
    })
  }
}
