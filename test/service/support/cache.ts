import type { Redis } from 'ioredis'
import { CacheManager } from '../../../src/cache/manager.ts'
import { MemoryStore } from '../../../src/cache/memory-store.ts'
import { CacheMeter } from '../../../src/cache/metrics.ts'
import { RedisStore } from '../../../src/cache/redis-store.ts'
import type { CacheStore } from '../../../src/cache/store.ts'
import { TieredStore } from '../../../src/cache/tiered-store.ts'
import { Metrics } from '../../../src/observability/metrics.ts'
import { createRedis } from '../../../src/redis/connection.ts'

/** The stores that processes share. */
export const sharedStores = ['redis', 'tiered'] as const
export type SharedStore = (typeof sharedStores)[number]

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly msg: string
  readonly [field: string]: unknown
}

interface TestOptions {
  /** Seconds. */
  ttl?: number
  grace?: number
  /** Is given the connection of the values before that is used. */
  change?: (connection: Redis) => void
}

/** A cache as one process of a service has it, on connections of its own. */
export class TestCache {
  readonly log: LogLine[] = []
  readonly redis: RedisStore
  readonly store: CacheStore
  readonly manager: CacheManager
  /** The connection that values go through. */
  readonly connection: Redis
  /** The one that is told what to forget; only tiered stores have it. */
  readonly subscriber: Redis

  /** @param prefix of all keys; the same for those who share a cache */
  constructor(kind: SharedStore, url: string, prefix: string, options: TestOptions = {}) {
    const { ttl = 60, grace = 60, change = () => {} } = options
    const write = (level: LogLine['level']) => (fields: object, msg: string) =>
      void this.log.push({ ...fields, level, msg })
    const log = { info: write('info'), warn: write('warn'), error: write('error') } as never
    this.connection = createRedis(url, prefix)
    this.subscriber = createRedis(url, prefix)
    change(this.connection)
    this.redis = new RedisStore(this.connection, log)
    this.store =
      kind === 'redis'
        ? this.redis
        : new TieredStore(new MemoryStore(10e6), this.redis, this.subscriber)
    const meter = new CacheMeter(new Metrics(), 'test')
    this.manager = new CacheManager(this.store, { ttl, grace, strategy: 'cache_aside', meter, log })
  }

  /** Lets Redis take its time, so that a busy machine isn't taken for an outage. */
  patient(): this {
    this.redis.deadlineMs = 10_000
    this.connection.options.commandTimeout = 20_000
    this.connection.options.socketTimeout = 60_000
    this.subscriber.options.commandTimeout = 20_000
    this.subscriber.options.socketTimeout = 60_000
    return this
  }

  async connect(): Promise<this> {
    await (this.store as RedisStore | TieredStore).connect()
    return this
  }
}
