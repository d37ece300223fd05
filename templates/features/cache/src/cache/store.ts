/** A value as it is kept: a copy, so that nobody's changes reach anybody else. */
export interface Copy {
  /** The value as JSON; empty for `undefined`. */
  readonly json: string
  /** What that JSON gives, frozen. */
  readonly value: unknown
}

/** @throws {TypeError} if JSON can't hold the value */
export function copyOf(key: string, value: unknown): Copy {
  try {
    const json = value === undefined ? '' : JSON.stringify(value)
    if (json === undefined) throw new TypeError(`JSON has no ${typeof value}s.`)
    return { json, value: parse(json) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypeError(
      `The value of ${key} can't be cached, because JSON can't hold it: ${reason}`,
      {
        cause,
      },
    )
  }
}

/** What the JSON of a copy gives, frozen. */
export function parse(json: string): unknown {
  return json === '' ? undefined : freeze(JSON.parse(json))
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const name in value) freeze(value[name as keyof typeof value])
  return Object.freeze(value)
}

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
  readonly kind: 'fetch' | 'write'
  /** Whether it is valid, where the store knows that without being asked. */
  readonly isValid?: boolean
}

/**
 * What a store knows of a key. Readers who get the same `token` may share one fetch: between their
 * lookups nothing was invalidated. So `awaited` is never said of a void lease, and the token of a key
 * that is being written changes with each invalidation.
 */
export type Lookup =
  /** Fresh. With a lease, the caller is the one who refreshes it. */
  | { readonly state: 'fresh'; readonly entry: Entry; readonly lease?: Lease }
  /** Missing, or stale but within its grace: the caller fetches it and stores it with the lease. */
  | { readonly state: 'missing'; readonly lease: Lease; readonly stale?: Entry | undefined }
  /** As before, but the holder of the lease `token` fetches it. */
  | { readonly state: 'awaited'; readonly token: string; readonly stale?: Entry | undefined }
  /** It is being written: fetch it, and don't store it. */
  | { readonly state: 'written'; readonly token: string }

export interface LookupOptions {
  readonly tags?: readonly string[]
  /** Give a lease for a fresh entry of at least that age (ms), if nobody else refreshes it. */
  readonly refreshAfterMs?: number
}

export interface StoreOptions {
  readonly tags: readonly string[]
  /** More than 0. */
  readonly ttlMs: number
  /** How long (ms) after `ttlMs` the entry may still be served while its source fails. */
  readonly graceMs: number
  /** How old (ms) it is already; default: 0. */
  readonly ageMs?: number
}

/** A lease ends by itself so long (ms) after it was given or last extended. */
export const leaseMs = 2_000

/**
 * Where values are kept. Each method is one round trip. A store that can't be reached rejects with
 * `CacheUnavailableError`, at once or after its deadline; it never answers late.
 */
export interface CacheStore {
  /** A store in memory answers at once, without a promise. */
  get(key: string, options: LookupOptions): Lookup | Promise<Lookup>
  /**
   * Stores what was fetched or written; `false` if the lease was void, and then nothing is stored. If
   * that was the lease of a write, the entry and the lease of another are removed: two who write at
   * the same time leave nothing behind.
   */
  set(key: string, lease: Lease, copy: Copy, options: StoreOptions): Promise<boolean>
  /** Gives a lease back, because the fetch failed. */
  release(key: string, lease: Lease): Promise<void>
  /** Keeps a lease alive during a long fetch. */
  extend(key: string, lease: Lease): Promise<void>
  /** Removes the entry, voids the leases of others, and lets nobody store until `set` or `release`. */
  startWrite(key: string, options: LookupOptions): Promise<Lease>
  /** The fresh entries among these keys, in their order. */
  getMany(keys: readonly string[]): Promise<readonly (Entry | undefined)[]>
  /** Stores values whatever leases there are, and voids these. */
  setMany(copies: ReadonlyMap<string, Copy>, options: StoreOptions): Promise<void>
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
  /** Number of the outage in this process: readers in the same one share fetches. */
  readonly outage: number

  constructor(outage: number, options?: ErrorOptions) {
    super("The cache can't be reached.", options)
    this.outage = outage
  }
}

/** Writes values to their source. Equal `idempotencyKey`s are the same write, delivered again. */
export type Writer<T> = (
  writes: readonly { readonly key: string; readonly value: T; readonly idempotencyKey: string }[],
) => unknown

/** Writes to sources in the background. */
export interface WriteQueue {
  /** Resolves when the write is accepted: it will be made, or its failure logged. */
  add(write: {
    readonly key: string
    readonly value: unknown
    /** What makes it, or the name under which that was registered. */
    readonly writer: Writer<unknown> | string
  }): Promise<void>
  addWriter(name: string, writer: Writer<unknown>): void
  /** Writes that were accepted and aren't made; of those that processes share, one counts them. */
  readonly depth: number
  /** Makes what was accepted or leaves it to another process, and accepts no more. */
  close(): Promise<void>
}
