import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import type { Env } from '../../src/config/index.ts'

/** The Redis to test against, if there is one. */
export const redisUrl = process.env.REDIS_URL

/** Says once in each file that tests are skipped. */
export function reportMissingRedis(): void {
  if (!redisUrl) console.info('Skipped: tests that need Redis. Set REDIS_URL to run them.')
}

/** Keys that no other test uses, on the Redis of the tests. */
export class TestRedis {
  readonly prefix = `test:${process.pid}:${randomBytes(4).toString('hex')}:`
  readonly url = redisUrl ?? ''
  readonly client = new Redis(this.url, { keyPrefix: this.prefix, lazyConnect: true })
  /** Settings of a service that uses these keys. */
  readonly env: Env = { REDIS_URL: this.url, REDIS_KEY_PREFIX: this.prefix }

  /** Every key, without the prefix. */
  async keys(): Promise<string[]> {
    const keys = await this.client.keys(`${this.prefix}*`)
    return keys.map((key) => key.slice(this.prefix.length))
  }

  /** Removes the keys and disconnects. */
  async drop(): Promise<void> {
    for (const key of await this.keys()) await this.client.del(key)
    await this.client.quit()
  }
}

/** Lets Redis take its time, so that a busy machine isn't taken for an outage. */
export function waitLongerForRedis({ redis }: FastifyInstance): void {
  if (redis) redis.options.commandTimeout = 10_000
}
