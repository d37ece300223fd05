import type { Redis } from 'ioredis'
import type { MemoryStore } from './memory-store.ts'
import type { Invalidation, RedisLookup } from './redis-scripts.ts'
import type { RedisStore } from './redis-store.ts'
import type {
  CacheStore,
  Copy,
  Entry,
  Lease,
  Lookup,
  LookupOptions,
  StoreOptions,
} from './store.ts'

/** Pause (ms) between two checks of the subscription. */
const checkMs = 250

/**
 * Memory in front of Redis, so that most hits need no round trip. Redis publishes invalidations to
 * all processes. One that can't receive them empties its memory, so it serves an old value for less
 * than a second.
 */
export class TieredStore implements CacheStore {
  readonly #memory: MemoryStore
  readonly #redis: RedisStore
  readonly #subscriber: Redis
  readonly #channel: string
  #isSubscribed = false
  #check: NodeJS.Timeout | undefined

  /** @param subscriber not connected yet, and used by this store only */
  constructor(memory: MemoryStore, redis: RedisStore, subscriber: Redis) {
    this.#memory = memory
    this.#redis = redis
    this.#subscriber = subscriber
    this.#channel = `${subscriber.options.keyPrefix}invalidations`
    redis.onLost = () => this.#empty()
    subscriber.on('message', (_channel, text) => this.#forget(JSON.parse(text)))
    subscriber.on('close', () => this.#unsubscribed())
  }

  /** Connects; if Redis is away, as soon as it is back. */
  async connect(): Promise<void> {
    await Promise.all([this.#redis.connect(), this.#connectSubscriber()])
  }

  get(key: string, options: LookupOptions): Lookup | Promise<Lookup> {
    if (!this.#isSubscribed || this.#redis.isAway) return this.#redis.get(key, options)
    const known = this.#memory.get(key, options)
    if (known.state === 'fresh' && known.lease === undefined) return known
    return this.#fill(key, options, 'lease' in known ? known.lease : undefined)
  }

  async set(key: string, lease: Lease, copy: Copy, options: StoreOptions): Promise<boolean> {
    return this.#around({ keys: [key] }, () => this.#redis.set(key, lease, copy, options))
  }

  release(key: string, lease: Lease): Promise<void> {
    return this.#redis.release(key, lease)
  }

  extend(key: string, lease: Lease): Promise<void> {
    return this.#redis.extend(key, lease)
  }

  startWrite(key: string, options: LookupOptions): Promise<Lease> {
    return this.#around({ keys: [key] }, () => this.#redis.startWrite(key, options))
  }

  async getMany(keys: readonly string[]): Promise<(Entry | undefined)[]> {
    if (!this.#isSubscribed || this.#redis.isAway) return this.#redis.getMany(keys)
    const known = await this.#memory.getMany(keys)
    const unknown = keys.filter((_, index) => known[index] === undefined)
    const found = unknown.length === 0 ? [] : await this.#redis.getMany(unknown)
    return known.map((entry) => entry ?? found.shift())
  }

  setMany(copies: ReadonlyMap<string, Copy>, options: StoreOptions): Promise<void> {
    const what = { keys: [...copies.keys()] }
    return this.#around(what, () => this.#redis.setMany(copies, options))
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.#around({ keys }, () => this.#redis.delete(keys))
  }

  invalidateTags(tags: readonly string[]): Promise<void> {
    return this.#around({ tags }, () => this.#redis.invalidateTags(tags))
  }

  invalidatePattern(pattern: string): Promise<number> {
    return this.#around({ pattern }, () => this.#redis.invalidatePattern(pattern))
  }

  keys(pattern: string, limit: number): Promise<string[]> {
    return this.#redis.keys(pattern, limit)
  }

  stats() {
    return { ...this.#memory.stats(), isAway: this.#redis.isAway }
  }

  async close(): Promise<void> {
    clearTimeout(this.#check)
    this.#subscriber.removeAllListeners('ready')
    this.#subscriber.disconnect()
    await this.#redis.close()
    await this.#memory.close()
  }

  /** Applies this process's own invalidation to its memory, before and after Redis has it. */
  async #around<T>(what: Invalidation, work: () => Promise<T>): Promise<T> {
    this.#forget(what)
    try {
      return await work()
    } finally {
      this.#forget(what)
    }
  }

  /** Asks Redis, and keeps a fresh value unless it is invalidated meanwhile. */
  async #fill(key: string, options: LookupOptions, lease?: Lease): Promise<RedisLookup> {
    const start = performance.now()
    const found = await this.#redis.get(key, options).catch(async (error) => {
      if (lease) await this.#memory.release(key, lease)
      throw error
    })
    if (!lease) return found
    // The lease covers only the tags that this reader named.
    if (found.state === 'fresh' && found.entry.tags.every((tag) => options.tags?.includes(tag))) {
      const { entry } = found
      const ageMs = entry.ageMs + performance.now() - start
      await this.#memory.set(key, lease, entry, { ...entry, ageMs, graceMs: 0 })
    }
    await this.#memory.release(key, lease)
    return found
  }

  #forget({ keys = [], tags = [], pattern }: Invalidation): void {
    void this.#memory.delete(keys)
    void this.#memory.invalidateTags(tags)
    if (pattern !== undefined) void this.#memory.invalidatePattern(pattern)
  }

  #empty(): void {
    this.#forget({ pattern: '*' })
  }

  async #connectSubscriber(): Promise<void> {
    await this.#subscriber.connect().catch(() => {})
    this.#subscriber.on('ready', () => this.#subscribe())
    if (this.#subscriber.status === 'ready') await this.#subscribe()
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#subscriber.subscribe(this.#channel)
      this.#empty()
      this.#isSubscribed = true
      this.#checkLater()
    } catch {
      this.#subscriber.disconnect(true)
    }
  }

  #unsubscribed(): void {
    clearTimeout(this.#check)
    this.#isSubscribed = false
    this.#empty()
  }

  /** A connection may break without notice. */
  #checkLater(): void {
    this.#check = setTimeout(async () => {
      try {
        await this.#subscriber.ping()
        this.#checkLater()
      } catch {
        this.#unsubscribed()
        this.#subscriber.disconnect(true)
      }
    }, checkMs)
  }
}
