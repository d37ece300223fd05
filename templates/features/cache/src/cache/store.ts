/** A value in the cache. */
export interface Entry {
  readonly value: unknown
  /** Milliseconds since it was stored. */
  readonly ageMs: number
  /** Milliseconds for which it is fresh, counted from when it was stored. */
  readonly ttlMs: number
}

/**
 * The right to store a value that is being fetched or written. An invalidation of the key, of one of
 * its tags or of a pattern that it matches voids it, and so does a later write.
 */
export interface Lease {
  readonly token: string
  /** Generations of the tags when it was given, in their order; only stores look at them. */
  readonly generations?: string
}

/** What a store knows of a key. */
export type Lookup =
  /** Fresh. With a lease, the caller is the one who refreshes it. */
  | { readonly state: 'fresh'; readonly entry: Entry; readonly lease?: Lease }
  /** Missing, or stale but within its grace: the caller fetches it and stores it with the lease. */
  | { readonly state: 'missing'; readonly lease: Lease; readonly stale?: Entry }
  /** As before, but somebody else fetches it: ask again soon. */
  | { readonly state: 'awaited'; readonly stale?: Entry }
  /** It is being written: fetch it, and don't store it. */
  | { readonly state: 'written' }

export interface LookupOptions {
  readonly tags: readonly string[]
  /** Give a lease for a fresh entry of at least that age (ms), if nobody else refreshes it. */
  readonly refreshAfterMs?: number
}

export interface StoreOptions {
  readonly tags: readonly string[]
  readonly ttlMs: number
  /** How long (ms) after `ttlMs` the entry may still be served while its source fails. */
  readonly graceMs: number
}

/**
 * Where values are kept. Each method is one round trip. A store that can't be reached rejects with
 * `CacheUnavailableError`, at once or after its deadline; it never answers late. Values are copies:
 * what comes back is what JSON keeps of them, frozen.
 */
export interface CacheStore {
  /** A store in memory answers at once, without a promise. */
  get(key: string, options: LookupOptions): Lookup | Promise<Lookup>
  /** Stores what was fetched or written; `false` if the lease was void, and then nothing is stored. */
  set(key: string, lease: Lease, value: unknown, options: StoreOptions): Promise<boolean>
  /** Gives a lease back, because the fetch failed. */
  release(key: string, lease: Lease): Promise<void>
  /** Keeps a lease alive during a long fetch; it ends by itself two seconds after the last call. */
  extend(key: string, lease: Lease): Promise<void>
  /** Removes the entry, voids the leases of others, and lets nobody store until `set` or `release`. */
  startWrite(key: string, options: LookupOptions): Promise<Lease>
  /** The fresh entries among these keys, in their order. */
  getMany(keys: readonly string[]): Promise<readonly (Entry | undefined)[]>
  /** Stores values whatever leases there are, and voids these. */
  setMany(values: ReadonlyMap<string, unknown>, options: StoreOptions): Promise<void>
  delete(keys: readonly string[]): Promise<void>
  invalidateTags(tags: readonly string[]): Promise<void>
  /** Removes the entries whose keys match, with `*` for any characters; returns how many. */
  invalidatePattern(pattern: string): Promise<number>
  /** Keys with the given pattern, at most `limit`, and what they hold; for operators. */
  keys(pattern: string, limit: number): Promise<string[]>
  /** What `/metrics` and `cache info` show. */
  stats(): { readonly entries: number; readonly evictions: number; readonly isAway: boolean }
  close(): Promise<void>
}

/** The store can't be reached. Reads go to the source then; what was to be invalidated is repeated. */
export class CacheUnavailableError extends Error {
  override name = 'CacheUnavailableError'
}
