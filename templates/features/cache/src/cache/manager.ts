import { randomUUID } from 'node:crypto'
import timers from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { type CachedOptions, keyOf } from './cached.ts'
import type { CacheMeter, StoreOperation } from './metrics.ts'
import {
  type CacheStore,
  CacheUnavailableError,
  type Copy,
  copyOf,
  type Lease,
  type Lookup,
  type LookupOptions,
  leaseMs,
  type StoreOptions,
  type WriteQueue,
  type Writer,
} from './store.ts'

/** How one value is cached. */
export interface CacheOptions {
  /** How long (s) it stays fresh. Default: CACHE_TTL. */
  readonly ttl?: number
  /** How long (s) after that it may be served while its source fails. Default: CACHE_GRACE. */
  readonly grace?: number
  /** What `invalidateTags` finds it by. The same for each read of a key. */
  readonly tags?: readonly string[]
  /**
   * How long (s) `undefined` and `null` are cached, which say that there is no such thing. 0: not at
   * all. Default: as other values, but at most 10.
   */
  readonly negativeTtl?: number
}

export interface CacheSettings {
  /** Defaults (s) where a call doesn't say. */
  readonly ttl: number
  readonly grace: number
  readonly strategy: CachedOptions['strategy']
  readonly meter: CacheMeter
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>
  readonly queue?: WriteQueue
}

/** A fetch that is running. Readers share it by the token of their lookups. */
interface Load {
  readonly token: string | undefined
  readonly copy: Promise<Copy>
}

/** What a reader in this process has to know of a key. */
type Finding = Lookup | { readonly state: 'away'; readonly token: string }

const byDefault: CacheOptions = {}

/** What says that there is no such thing is cached for so long (s) at most. */
const maxNegativeTtl = 10

/** How long (ms) to wait for the fetch of another process. */
const maxWaitMs = 3_000

/** Part of a lifetime after which a value is refreshed. */
const refreshAfter = 0.8

/**
 * Caches values in front of their sources. Readers of a key that is missing share one fetch, over all
 * processes that share the store. A read that began after a write or an invalidation was acknowledged
 * never returns what was there before. Errors aren't cached. What comes back is frozen, and what JSON
 * keeps of the value.
 *
 * While the store is away, reads go to the source and nothing is cached.
 */
export class CacheManager {
  readonly #store: CacheStore
  readonly #settings: CacheSettings
  readonly #meter: CacheMeter
  readonly #loads = new Map<string, Load>()
  readonly #looks = new Map<string, Promise<Finding>>()

  constructor(store: CacheStore, settings: CacheSettings) {
    this.#store = store
    this.#settings = settings
    this.#meter = settings.meter
    this.#meter.watch(store, settings.queue)
  }

  /**
   * Cache-aside: gives the cached value, or fetches it and caches it. If the fetch fails, a stale
   * value is given within its grace.
   *
   * @throws what `fetch` throws, and `TypeError` if JSON can't hold the value
   */
  getOrFetch<T>(
    key: string,
    fetch: () => T | Promise<T>,
    options: CacheOptions = byDefault,
  ): Promise<T> {
    return this.#start(key, fetch, options, options)
  }

  /** The same, but after 80% of its lifetime a value is refreshed in the background. */
  getWithRefresh<T>(
    key: string,
    fetch: () => T | Promise<T>,
    options: CacheOptions = byDefault,
  ): Promise<T> {
    const { ttl = this.#settings.ttl, tags = [] } = options
    const look = { tags, refreshAfterMs: refreshAfter * ttl * 1_000 }
    return this.#start(key, fetch, options, look)
  }

  /**
   * Writes to the source, then caches the value. Resolves when the source has it, even if the store is
   * away.
   *
   * @throws what `write` throws; then nothing is cached
   */
  async setWriteThrough<T>(
    key: string,
    value: T,
    write: (value: T) => unknown,
    options: CacheOptions = byDefault,
  ): Promise<void> {
    const copy = copyOf(key, value)
    const lease = await this.#tried('invalidate', () => this.#store.startWrite(key, options))
    try {
      await this.#keptAlive(key, lease, () => this.#meter.timed('write', () => write(value)))
    } catch (error) {
      if (lease) await this.#tried('set', () => this.#store.release(key, lease))
      throw error
    }
    // Those who come now must not join a fetch from before.
    this.#loads.delete(key)
    const isDone = lease && (await this.#keep(key, lease, copy, options))
    if (isDone === undefined) await this.#forget(key)
  }

  /**
   * Caches the value and writes it to the source in the background. Resolves when the write is
   * accepted.
   *
   * @param writer makes the writes; with CACHE_DURABLE_WRITES the name that `addWriter` gave it
   */
  async setWriteBehind<T>(
    key: string,
    value: T,
    writer: Writer<T> | string,
    options: CacheOptions = byDefault,
  ): Promise<void> {
    const copy = copyOf(key, value)
    await this.#queue().add({ key, value: copy.value, writer: writer as Writer<unknown> | string })
    this.#loads.delete(key)
    await this.#setCopies(new Map([[key, copy]]), options).catch(() => {})
  }

  /** Names a writer, so that writes which outlive this process find it in another. */
  addWriter<T>(name: string, writer: Writer<T>): void {
    this.#queue().addWriter(name, writer as Writer<unknown>)
  }

  /** The values that are cached, in one round trip. */
  async getMany<T>(keys: readonly string[]): Promise<Map<string, T>> {
    const entries = (await this.#tried('get', () => this.#store.getMany(keys))) ?? []
    const values = new Map<string, T>()
    for (const [at, entry] of entries.entries()) {
      if (entry) values.set(keys[at] as string, entry.value as T)
    }
    this.#meter.hits.inc(values.size)
    this.#meter.misses.inc(keys.length - values.size)
    return values
  }

  /** Caches values that the source has, in one round trip. */
  async setMany<T>(
    values: ReadonlyMap<string, T> | Readonly<Record<string, T>>,
    options: CacheOptions = byDefault,
  ): Promise<void> {
    const entries = values instanceof Map ? [...values] : Object.entries(values)
    const copies = new Map(entries.map(([key, value]) => [key, copyOf(key, value)]))
    await this.#setCopies(copies, options)
  }

  /** @throws {CacheUnavailableError} if the store is away; it forgets them when it is back */
  async delete(...keys: string[]): Promise<void> {
    await this.#strictly('invalidate', () => this.#store.delete(keys))
  }

  /**
   * Forgets everything that was cached with one of these tags.
   *
   * @throws {CacheUnavailableError} if the store is away; it forgets them when it is back
   */
  async invalidateTags(tags: readonly string[]): Promise<void> {
    await this.#strictly('invalidate', () => this.#store.invalidateTags(tags))
  }

  /**
   * Forgets the keys that match. It looks at every key: prefer tags.
   *
   * @param pattern `*` stands for any characters
   * @returns how many it forgot
   * @throws {CacheUnavailableError} if the store is away; it forgets them when it is back
   */
  invalidatePattern(pattern: string): Promise<number> {
    return this.#strictly('invalidate', () => this.#store.invalidatePattern(pattern))
  }

  /** A function whose results are cached, by its arguments. */
  cached<A extends unknown[], T>(
    fn: (...args: A) => T | Promise<T>,
    options: CachedOptions<A>,
  ): (...args: A) => Promise<T> {
    const isRefreshed = (options.strategy ?? this.#settings.strategy) === 'refresh_ahead'
    return (...args) => {
      const key = keyOf(options, args)
      const fetch = () => fn(...args)
      return isRefreshed
        ? this.getWithRefresh(key, fetch, options)
        : this.getOrFetch(key, fetch, options)
    }
  }

  /** Makes the writes that wait, then closes the store. */
  async close(): Promise<void> {
    await this.#settings.queue?.close()
    await this.#store.close()
  }

  #start<T>(
    key: string,
    fetch: () => T | Promise<T>,
    options: CacheOptions,
    look: LookupOptions,
  ): Promise<T> {
    const found = this.#store.get(key, look)
    // Hits in memory are many.
    if (!(found instanceof Promise) && found.state === 'fresh' && found.lease === undefined) {
      this.#meter.hits.inc()
      return Promise.resolve(found.entry.value as T)
    }
    return this.#read(key, fetch, options, look, found)
  }

  async #read<T>(
    key: string,
    fetch: () => T | Promise<T>,
    options: CacheOptions,
    look: LookupOptions,
    found: Lookup | Promise<Lookup>,
  ): Promise<T> {
    const start = performance.now()
    let finding = found instanceof Promise ? await this.#find(found) : found
    let load = this.#running(key, finding)
    while (finding.state === 'awaited' && load === undefined) {
      const waitedMs = performance.now() - start
      if (waitedMs > maxWaitMs) break
      finding = await this.#lookAgain(key, look, waitedMs)
      load = this.#running(key, finding)
    }
    if (finding.state === 'fresh') {
      this.#meter.hits.inc()
      if (finding.lease && !load) this.#refresh(key, finding, fetch, options)
      return finding.entry.value as T
    }
    this.#meter.misses.inc()
    load ??= this.#load(key, finding, fetch, options)
    try {
      return (await load.copy).value as T
    } catch (error) {
      const stale = 'stale' in finding ? finding.stale : undefined
      if (stale === undefined) throw error
      this.#meter.stale.inc()
      return stale.value as T
    }
  }

  /** What the store says of a key, if it is there. */
  async #find(found: Promise<Lookup>): Promise<Finding> {
    try {
      return await this.#meter.timed('get', () => found)
    } catch (error) {
      this.#failed('get', error)
      const outage = error instanceof CacheUnavailableError ? error.outage : randomUUID()
      return { state: 'away', token: `away ${outage}` }
    }
  }

  /** Looks after a while, once for all who wait: each of them came before it looks. */
  #lookAgain(key: string, look: LookupOptions, waitedMs: number): Promise<Finding> {
    const again = async () => {
      await timers.setTimeout(Math.min(50, 10 + waitedMs / 4) * (0.75 + Math.random() / 4))
      this.#looks.delete(key)
      return this.#find(Promise.resolve(this.#store.get(key, look)))
    }
    const finding = this.#looks.get(key) ?? again()
    this.#looks.set(key, finding)
    return finding
  }

  /** The fetch that a reader with this finding may share. */
  #running(key: string, finding: Finding): Load | undefined {
    const load = this.#loads.get(key)
    return load?.token === tokenOf(finding) ? load : undefined
  }

  #refresh<T>(
    key: string,
    finding: Extract<Finding, { state: 'fresh' }>,
    fetch: () => T | Promise<T>,
    options: CacheOptions,
  ): void {
    const { ttlMs, ageMs } = finding.entry
    const load = this.#load(key, finding, fetch, options, ttlMs - ageMs)
    load.copy.then(
      () => this.#meter.refreshed('success'),
      (err) => {
        this.#meter.refreshed('failure')
        this.#settings.log.warn({ err, key }, 'cached value not refreshed')
      },
    )
  }

  /** @param freshMs how long a cached value stays fresh: after a failure it isn't fetched again at once */
  #load<T>(
    key: string,
    finding: Finding,
    fetch: () => T | Promise<T>,
    options: CacheOptions,
    freshMs = 0,
  ): Load {
    const lease = 'lease' in finding ? finding.lease : undefined
    const fetchCopy = async () => copyOf(key, await this.#meter.timed('fetch', fetch))
    const load = { token: tokenOf(finding), copy: this.#keptAlive(key, lease, fetchCopy) }
    this.#loads.set(key, load)
    this.#settle(key, load, lease, options, freshMs)
    return load
  }

  /** Caches what was fetched, which others find meanwhile, or gives the lease back. */
  async #settle(
    key: string,
    load: Load,
    lease: Lease | undefined,
    options: CacheOptions,
    freshMs: number,
  ): Promise<void> {
    const copy = await load.copy.catch(() => undefined)
    if (copy && lease) await this.#keep(key, lease, copy, options)
    if (this.#loads.get(key) === load) this.#loads.delete(key)
    if (copy || !lease) return
    if (freshMs > 0) await timers.setTimeout(Math.min(leaseMs, freshMs), undefined, { ref: false })
    await this.#tried('set', () => this.#store.release(key, lease))
  }

  /** Stores the value if its lease is valid; `undefined` if it isn't to be kept, or the store failed. */
  async #keep(key: string, lease: Lease, copy: Copy, options: CacheOptions) {
    const isNothing = copy.value === undefined || copy.value === null
    const lifetime = this.#lifetime(options, isNothing)
    if (lifetime.ttlMs > 0) {
      return this.#tried('set', () => this.#store.set(key, lease, copy, lifetime))
    }
    return this.#forget(key)
  }

  /** Also if the store is away: then it forgets the key when it is back. */
  async #forget(...keys: string[]) {
    return this.#tried('invalidate', () => this.#store.delete(keys))
  }

  /** If it fails, nothing is left of what was there before. */
  async #setCopies(copies: ReadonlyMap<string, Copy>, options: CacheOptions): Promise<void> {
    const lifetime = this.#lifetime(options)
    try {
      await this.#strictly('set', () => this.#store.setMany(copies, lifetime))
    } catch (error) {
      await this.#forget(...copies.keys())
      throw error
    }
  }

  /** Lifetimes differ a little, so that what was cached at once isn't fetched at once. */
  #lifetime(options: CacheOptions, isNothing = false): StoreOptions {
    const { ttl = this.#settings.ttl, grace = this.#settings.grace, tags = [] } = options
    const { negativeTtl = Math.min(ttl, maxNegativeTtl) } = options
    const jitter = 1 - Math.random() / 10
    if (isNothing) return { ttlMs: negativeTtl * 1_000 * jitter, graceMs: 0, tags }
    return { ttlMs: ttl * 1_000 * jitter, graceMs: grace * 1_000, tags }
  }

  async #keptAlive<T>(key: string, lease: Lease | undefined, work: () => Promise<T>): Promise<T> {
    if (lease === undefined) return work()
    // One that is lost all the same is void, so nothing is stored with it.
    const extend = () => this.#store.extend(key, lease).catch(() => {})
    const timer = setInterval(extend, leaseMs / 2).unref()
    try {
      return await work()
    } finally {
      clearInterval(timer)
    }
  }

  /** `undefined` if the store failed. */
  async #tried<T>(operation: StoreOperation, work: () => Promise<T>): Promise<T | undefined> {
    return this.#strictly(operation, work).catch(() => undefined)
  }

  async #strictly<T>(operation: StoreOperation, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#meter.timed(operation, work)
    } catch (error) {
      this.#failed(operation, error)
      throw error
    }
  }

  #failed(operation: StoreOperation, err: unknown): void {
    this.#meter.failed(operation)
    // The store itself logs its outages.
    if (err instanceof CacheUnavailableError) return
    this.#settings.log.error({ err, operation }, 'cache operation failed')
  }

  #queue(): WriteQueue {
    const { queue } = this.#settings
    if (queue === undefined) throw new Error('This cache has no queue for writes behind it.')
    return queue
  }
}

function tokenOf(finding: Finding): string | undefined {
  return 'token' in finding ? finding.token : finding.lease?.token
}
