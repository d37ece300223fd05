import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Env } from '../../src/config/index.ts'

/** Redis to test against, if there is one. */
export const redisUrl = process.env.REDIS_URL

/** Says once in each file that some of its tests were left out. */
export function reportMissingRedis(): void {
  if (!redisUrl) console.info('Left out: tests that need Redis; set REDIS_URL to run them.')
}

/** Keys on the Redis of the tests that nobody else has. */
export class TestRedis {
  readonly prefix = `test:${process.pid}:${randomBytes(4).toString('hex')}:`
  readonly url = redisUrl ?? ''
  readonly client = new Redis(this.url, { keyPrefix: this.prefix, lazyConnect: true })

  /** What a service that uses these keys is told; a busy machine takes its time to answer. */
  get env(): Env {
    return {
      REDIS_URL: this.url,
      REDIS_KEY_PREFIX: this.prefix,
      REDIS_COMMAND_TIMEOUT_MS: '10000',
    }
  }

  /** Every key, without the prefix. */
  async keys(): Promise<string[]> {
    const names = await this.client.keys(`${this.prefix}*`)
    return names.map((name) => name.slice(this.prefix.length))
  }

  /** Removes the keys, and disconnects. */
  async drop(): Promise<void> {
    const keys = await this.keys()
    if (keys.length > 0) await this.client.del(...keys)
    await this.client.quit()
  }
}
