import timers from 'node:timers/promises'
import { type Finding, GuardedStore, maxWaitMs, tokenOf } from './guarded-store.ts'
import {
  type CachedOptions,
  type CacheOptions,
  type CacheSettings,
  keyOf,
  type Lifetime,
  lifetimeOf,
} from './options.ts'
import {
  type CacheStore,
  type Copy,
  copyOf,
  type Lease,
  type Lookup,
  type LookupOptions,
  leaseMs,
  type WriteQueue,
  type Writer,
} from './store.ts'

type Fetch<T> = () => T | Promise<T>

/** A fetch in progress, shared by readers whose lookups have its token. */
interface Load {
  readonly token: string | undefined
  readonly lease: Lease | undefined
  /** The same, unless there is a fresh or stale value meanwhile. */
  readonly onlyLease: Lease | undefined
  /** How long (ms) the old value stays fresh: a failing source is left alone for a while. */
  readonly freshMs: number
  value: Promise<unknown> | undefined
}

const none: CacheOptions = {}

/**
 * Caches values in front of their sources. Readers of a missing key share one fetch across all
 * processes with the same store. A read that begins after a write or invalidation was acknowledged
 * never returns an older value. Errors aren't cached. Values come back as JSON keeps them, frozen.
 * While the store is away, reads go to the source and nothing is cached.
 */
export class CacheManager {
  readonly #store: CacheStore
  readonly #guarded: GuardedStore
  readonly #settings: CacheSettings
  readonly #meter: CacheSettings['meter']
  readonly #loads = new Map<string, Load>()

  constructor(store: CacheStore, settings: CacheSettings) {
    this.#store = store
    this.#guarded = new GuardedStore(store, settings)
    this.#settings = settings
    this.#meter = settings.meter
    this.#meter.watch(store, settings.queue)
  }

  /**
   * Cache-aside: returns the cached value, or fetches and caches it. If the fetch fails, it returns
   * a stale value within its grace.
   *
   * @throws what `fetch` throws; `TypeError` if JSON can't hold the value
   */
  getOrFetch<T>(key: string, fetch: Fetch<T>, options: CacheOptions = none): Promise<T> {
    return this.#get(key, fetch, options, options)
  }

  /** The same, but refreshes a value in the background after 80% of its lifetime. */
  getWithRefresh<T>(key: string, fetch: Fetch<T>, options: CacheOptions = none): Promise<T> {
    return this.#get(key, fetch, options, this.#early(options))
  }

  /**
   * Writes to the source, then caches the value. It also works while the store is away.
   *
   * @throws what `write` throws, and then nothing is cached
   */
  async setWriteThrough<T>(
    key: string,
    value: T,
    write: (value: T) => unknown,
    options: CacheOptions = none,
  ): Promise<void> {
    const copy = copyOf(key, value)
    const lifetime = lifetimeOf(options, this.#settings)
    const lease = await this.#guarded.attempt('set', (store) => store.startWrite(key, options))
    let isCached: boolean | undefined
    try {
      await this.#guarded.keepAlive(key, lease, 'write', () => write(value))
      isCached = lease && (await this.#guarded.set(key, lease, copy, lifetime))
    } finally {
      // From now on nobody may share a fetch from before the write.
      this.#loads.delete(key)
      // Also after another write at the same time: nobody knows which of them came last.
      if (!isCached) await this.#guarded.forget([key])
    }
  }

  /**
   * Caches the value, and writes it to the source in the background. Resolves when the write is
   * accepted.
   *
   * @param writer makes the writes; with CACHE_DURABLE_WRITES, its name from `addWriter`
   * @throws if the write isn't accepted, and then nothing has changed
   */
  async setWriteBehind<T>(
    key: string,
    value: T,
    writer: Writer<T> | string,
    options: CacheOptions = none,
  ): Promise<void> {
    const copy = copyOf(key, value)
    const lifetime = lifetimeOf(options, this.#settings)
    await this.#queue().add({ key, value: copy.value, writer: writer as Writer<unknown> | string })
    this.#loads.delete(key)
    await this.#guarded.setMany(new Map([[key, copy]]), lifetime).catch(() => {})
  }

  /** Registers a writer by name, so that another process can make the writes of this one. */
  addWriter<T>(name: string, writer: Writer<T>): void {
    this.#queue().addWriter(name, writer as Writer<unknown>)
  }

  /** The cached values of these keys, in one round trip. */
  async getMany<T>(keys: readonly string[]): Promise<Map<string, T>> {
    const entries = await this.#guarded.attempt('get', (store) => store.getMany(keys))
    const values = new Map<string, T>()
    entries?.forEach((entry, at) => {
      if (entry) values.set(keys[at] as string, entry.value as T)
    })
    this.#meter.hits.inc(values.size)
    this.#meter.misses.inc(keys.length - values.size)
    return values
  }

  /**
   * Caches values that the source already has, in one round trip.
   *
   * @throws {CacheUnavailableError} if the store is away; it forgets the keys when it is back
   */
  async setMany<T>(
    values: ReadonlyMap<string, T> | Readonly<Record<string, T>>,
    options: CacheOptions = none,
  ): Promise<void> {
    const entries = values instanceof Map ? [...values] : Object.entries(values)
    const copies = new Map(entries.map(([key, value]) => [key, copyOf(key, value)]))
    await this.#guarded.setMany(copies, lifetimeOf(options, this.#settings))
  }

  /** @throws {CacheUnavailableError} if the store is away; it forgets the keys when it is back */
  async delete(...keys: string[]): Promise<void> {
    await this.#guarded.run('invalidate', (store) => store.delete(keys))
  }

  /** Removes everything with one of these tags. Throws as `delete` does. */
  async invalidateTags(tags: readonly string[]): Promise<void> {
    await this.#guarded.run('invalidate', (store) => store.invalidateTags(tags))
  }

  /**
   * Removes the keys that match a pattern, where `*` stands for any characters, and returns how
   * many. It scans all keys, so prefer tags. Throws as `delete` does.
   */
  invalidatePattern(pattern: string): Promise<number> {
    return this.#guarded.run('invalidate', (store) => store.invalidatePattern(pattern))
  }

  /** Wraps a function so that its results are cached by its arguments. */
  cached<A extends unknown[], T>(
    fn: (...args: A) => T | Promise<T>,
    options: CachedOptions<A>,
  ): (...args: A) => Promise<T> {
    const { strategy = this.#settings.strategy } = options
    const look = strategy === 'refresh_ahead' ? this.#early(options) : options
    return async (...args) => this.#get(keyOf(options, args), () => fn(...args), options, look)
  }

  /** Makes the waiting writes, then closes the store. */
  async close(): Promise<void> {
    await this.#settings.queue?.close()
    await this.#store.close()
  }

  #get<T>(key: string, fetch: Fetch<T>, options: CacheOptions, look: LookupOptions): Promise<T> {
    // The fast paths: a reader that shares a fetch, and a hit in memory.
    const load = this.#loads.get(key)
    if (load?.onlyLease?.isValid) {
      this.#meter.misses.inc()
      return load.value as Promise<T>
    }
    const found = this.#store.get(key, look)
    if (!(found instanceof Promise) && found.state === 'fresh' && found.lease === undefined) {
      this.#meter.hits.inc()
      return Promise.resolve(found.entry.value as T)
    }
    return this.#read(key, fetch, options, look, found)
  }

  /** A lookup that asks for a refresh after 80% of the lifetime. */
  #early({ ttl = this.#settings.ttl, tags = [] }: CacheOptions): LookupOptions {
    return { tags, refreshAfterMs: 0.8 * ttl * 1_000 }
  }

  async #read<T>(
    key: string,
    fetch: Fetch<T>,
    options: CacheOptions,
    look: LookupOptions,
    found: Lookup | Promise<Lookup>,
  ): Promise<T> {
    let finding: Finding = found instanceof Promise ? await this.#guarded.find(found) : found
    let load = this.#running(key, finding)
    const start = performance.now()
    while (finding.state === 'awaited' && !load && performance.now() - start <= maxWaitMs) {
      finding = await this.#guarded.lookAgain(key, look, performance.now() - start)
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
      return (await load.value) as T
    } catch (error) {
      const stale = 'stale' in finding ? finding.stale : undefined
      if (stale === undefined) throw error
      this.#meter.stale.inc()
      return stale.value as T
    }
  }

  /** The fetch that a reader with this finding may share, if there is one. */
  #running(key: string, finding: Finding): Load | undefined {
    const load = this.#loads.get(key)
    return load?.token === tokenOf(finding) ? load : undefined
  }

  async #refresh<T>(
    key: string,
    finding: Extract<Finding, { state: 'fresh' }>,
    fetch: Fetch<T>,
    options: CacheOptions,
  ): Promise<void> {
    const { ttlMs, ageMs } = finding.entry
    try {
      await this.#load(key, finding, fetch, options, ttlMs - ageMs).value
      this.#meter.refreshed('success')
    } catch (err) {
      this.#meter.refreshed('failure')
      this.#settings.log.warn({ err, key }, 'cached value not refreshed')
    }
  }

  #load<T>(
    key: string,
    finding: Finding,
    fetch: Fetch<T>,
    options: CacheOptions,
    freshMs = 0,
  ): Load {
    const lease = 'lease' in finding ? finding.lease : undefined
    const onlyLease = finding.state === 'missing' && !finding.stale ? lease : undefined
    const load: Load = { token: tokenOf(finding), lease, onlyLease, freshMs, value: undefined }
    load.value = this.#fetch(key, load, fetch, options)
    this.#loads.set(key, load)
    return load
  }

  /** Fetches a value and returns it without waiting until it is cached. */
  async #fetch<T>(key: string, load: Load, fetch: Fetch<T>, options: CacheOptions) {
    let copy: Copy | undefined
    let lifetime: Lifetime | undefined
    try {
      lifetime = lifetimeOf(options, this.#settings)
      copy = copyOf(key, await this.#guarded.keepAlive(key, load.lease, 'fetch', fetch))
      return copy.value
    } finally {
      this.#settle(key, load, copy, lifetime)
    }
  }

  /** Caches a fetched value, sharing it meanwhile; after a failure, returns the lease. */
  async #settle(key: string, load: Load, copy?: Copy, lifetime?: Lifetime): Promise<void> {
    const { lease, freshMs } = load
    if (copy && lifetime && lease) await this.#guarded.set(key, lease, copy, lifetime)
    if (this.#loads.get(key) === load) this.#loads.delete(key)
    if (copy) return
    if (freshMs > 0) await timers.setTimeout(Math.min(leaseMs, freshMs), undefined, { ref: false })
    await this.#guarded.release(key, lease)
  }

  #queue(): WriteQueue {
    if (this.#settings.queue) return this.#settings.queue
    throw new Error('This cache has no queue for writes.')
  }
}
