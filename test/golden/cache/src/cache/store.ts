/** A value as it is cached: a copy, so that no caller sees another's changes. */
export interface Copy {
  /** The value as JSON; empty for `undefined`. */
  readonly json: string
  /** That JSON parsed, and frozen. */
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

/** Parses the JSON of a copy and freezes the value. */
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
  /** How long (ms) it is fresh from then on. */
  readonly ttlMs: number
}

/**
 * The right to store a value that is being fetched or written. An invalidation of the key, of one
 * of its tags or of a pattern that it matches voids it, and so does a later write.
 */
export interface Lease {
  readonly token: string
  readonly kind: 'fetch' | 'write'
  /** Whether it is valid, where the store knows that without being asked. */
  readonly isValid?: boolean
}

/**
 * What a store knows about a key. Readers who get the same `token` may share one fetch, because
 * nothing was invalidated between their lookups. So a void lease is never reported as `awaited`,
 * and the token of a key that is being written changes with each invalidation.
 */
export type Lookup =
  /** Fresh. With a lease, the caller has to refresh it. */
  | { readonly state: 'fresh'; readonly entry: Entry; readonly lease?: Lease }
  /** Missing, or stale but within its grace: the caller fetches it and stores it with the lease. */
  | { readonly state: 'missing'; readonly lease: Lease; readonly stale?: Entry | undefined }
  /** The same, but the holder of the lease `token` already fetches it. */
  | { readonly state: 'awaited'; readonly token: string; readonly stale?: Entry | undefined }
  /** Being written: fetch it, but don't store it. */
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

/** A lease expires so long (ms) after it was granted or last extended. */
export const leaseMs = 2_000

/**
 * Stores values. Each method is one round trip. An unreachable store rejects with
 * `CacheUnavailableError`, at once or after its deadline; it never answers late.
 */
export interface CacheStore {
  /** A memory store answers at once, without a promise. */
  get(key: string, options: LookupOptions): Lookup | Promise<Lookup>
  /** Stores what was fetched or written. Returns `false` and stores nothing if the lease is void. */
  set(key: string, lease: Lease, copy: Copy, options: StoreOptions): Promise<boolean>
  /** Returns a lease, because the fetch failed. */
  release(key: string, lease: Lease): Promise<void>
  /** Keeps a lease alive during a long fetch. */
  extend(key: string, lease: Lease): Promise<void>
  /** Removes the entry, voids other leases, and blocks storing until `set` or `release`. */
  startWrite(key: string, options: LookupOptions): Promise<Lease>
  /** The fresh entries of these keys, in order; `undefined` for a missing or stale one. */
  getMany(keys: readonly string[]): Promise<readonly (Entry | undefined)[]>
  /** Stores values regardless of leases, and voids these. */
  setMany(copies: ReadonlyMap<string, Copy>, options: StoreOptions): Promise<void>
  delete(keys: readonly string[]): Promise<void>
  invalidateTags(tags: readonly string[]): Promise<void>
  /** Removes the entries whose keys match, with `*` for any characters; returns how many. */
  invalidatePattern(pattern: string): Promise<number>
  /** At most `limit` keys that match the pattern; for operators. */
  keys(pattern: string, limit: number): Promise<string[]>
  /** For `/metrics` and health checks. */
  stats(): { readonly entries: number; readonly evictions: number; readonly isAway: boolean }
  close(): Promise<void>
}

/** The store can't be reached. Reads go to the source; invalidations are repeated later. */
export class CacheUnavailableError extends Error {
  override name = 'CacheUnavailableError'
  /** Number of the outage in this process; readers within the same outage share fetches. */
  readonly outage: number

  constructor(outage: number, options?: ErrorOptions) {
    super("The cache can't be reached.", options)
    this.outage = outage
  }
}

/**
 * Writes values to their source. The same `idempotencyKey` means the same write, delivered again.
 */
export type Writer<T> = (
  writes: readonly { readonly key: string; readonly value: T; readonly idempotencyKey: string }[],
) => unknown

/** Writes to sources in the background. */
export interface WriteQueue {
  /** Resolves when the write is accepted: from then on it is written, or its failure is logged. */
  add(write: {
    readonly key: string
    readonly value: unknown
    /** The writer, or the name under which it was registered. */
    readonly writer: Writer<unknown> | string
  }): Promise<void>
  addWriter(name: string, writer: Writer<unknown>): void
  /** Accepted writes that are still waiting. Of a shared stream, only one process counts them. */
  readonly depth: number
  /** Accepts no more writes, and makes the accepted ones or leaves them to another process. */
  close(): Promise<void>
}
