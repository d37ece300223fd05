import timers from 'node:timers/promises'
import { type Finding, GuardedStore, tokenOf } from './guarded-store.ts'
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

/** A fetch that is running. Readers whose lookups have its token share it. */
interface Load {
  readonly token: string | undefined
  readonly lease: Lease | undefined
  /** The same, if there is no stale or fresh value meanwhile. */
  readonly onlyLease: Lease | undefined
  /** How long (ms) another value stays fresh. If the fetch fails, the source is left alone for a while. */
  readonly freshMs: number
  value: Promise<unknown> | undefined
}

const none: CacheOptions = {}

/**
 * Caches values in front of their sources. Readers of a key that is missing share one fetch, over all
 * processes that share the store. A read that began after a write or an invalidation was acknowledged
 * never returns what was there before. Errors aren't cached. What comes back is what JSON keeps of a
 * value, frozen. While the store is away, reads go to the source and nothing is cached.
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
   * Cache-aside: gives the cached value, or fetches it and caches it. If the fetch fails, it gives a
   * stale value within its grace.
   *
   * @throws what `fetch` throws; `TypeError` if JSON can't hold the value
   */
  getOrFetch<T>(key: string, fetch: Fetch<T>, options: CacheOptions = none): Promise<T> {
    return this.#get(key, fetch, options, options)
  }

  /** The same, but after 80% of its lifetime a value is refreshed in the background. */
  getWithRefresh<T>(key: string, fetch: Fetch<T>, options: CacheOptions = none): Promise<T> {
    return this.#get(key, fetch, options, this.#early(options))
  }

  /**
   * Writes to the source, then caches the value. It works while the store is away, too.
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
    try {
      await this.#guarded.keepAlive(key, lease, 'write', () => write(value))
    } catch (error) {
      await this.#guarded.release(key, lease)
      throw error
    }
    // Those who come now must not share a fetch from before.
    this.#loads.delete(key)
    const isDone = lease && (await this.#guarded.set(key, lease, copy, lifetime))
    if (!isDone) await this.#guarded.forget([key])
  }

  /**
   * Caches the value, and writes it to the source in the background. Resolves when the write is
   * accepted.
   *
   * @param writer makes the writes; with CACHE_DURABLE_WRITES the name that `addWriter` gave it
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

  /** Names a writer, so that writes which outlive this process find it in another. */
  addWriter<T>(name: string, writer: Writer<T>): void {
    this.#queue().addWriter(name, writer as Writer<unknown>)
  }

  /** The values that are cached of these keys, in one round trip. */
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
   * Caches values that their source has, in one round trip.
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

  /** Forgets what was cached with one of these tags. Throws as `delete` does. */
  async invalidateTags(tags: readonly string[]): Promise<void> {
    await this.#guarded.run('invalidate', (store) => store.invalidateTags(tags))
  }

  /**
   * Forgets the keys that match a pattern, in which `*` stands for any characters, and tells how many.
   * It looks at all keys: prefer tags. Throws as `delete` does.
   */
  invalidatePattern(pattern: string): Promise<number> {
    return this.#guarded.run('invalidate', (store) => store.invalidatePattern(pattern))
  }

  /** A function whose results are cached by its arguments. */
  cached<A extends unknown[], T>(
    fn: (...args: A) => T | Promise<T>,
    options: CachedOptions<A>,
  ): (...args: A) => Promise<T> {
    const { strategy = this.#settings.strategy } = options
    const look = strategy === 'refresh_ahead' ? this.#early(options) : options
    return async (...args) => this.#get(keyOf(options, args), () => fn(...args), options, look)
  }

  /** Makes the writes that wait, then closes the store. */
  async close(): Promise<void> {
    await this.#settings.queue?.close()
    await this.#store.close()
  }

  #get<T>(key: string, fetch: Fetch<T>, options: CacheOptions, look: LookupOptions): Promise<T> {
    // Hits in memory are many, and so may be those who wait for one fetch.
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

  /** Looks so that after 80% of its lifetime a value is refreshed. */
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
    if (finding.state === 'awaited' && !load) {
      const running = (it: Finding) => this.#running(key, it)
      ;({ finding, load } = await this.#guarded.wait(key, look, running))
      load ??= running(finding)
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

  /** The fetch that a reader with this finding may share. */
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

  /** Fetches a value, and gives it without waiting until it is cached. */
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

  /** Caches what was fetched, and meanwhile lets others have it; or gives the lease back. */
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
