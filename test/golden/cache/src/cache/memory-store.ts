import { LRUCache } from 'lru-cache'
import type {
  CacheStore,
  Copy,
  Entry,
  Lease,
  Lookup,
  LookupOptions,
  StoreOptions,
} from './store.ts'

type Clock = () => number

/** Bytes that an entry takes beside its key and value, roughly. */
const overhead = 300

class MemoryEntry implements Entry {
  readonly value: unknown
  readonly ttlMs: number
  readonly tags: readonly string[]
  readonly size: number
  readonly storedAt: number
  readonly freshUntil: number
  readonly staleUntil: number
  /** Built once, because hits are frequent. */
  readonly hit: Lookup = { state: 'fresh', entry: this }
  readonly #now: Clock

  constructor(key: string, copy: Copy, options: StoreOptions, now: Clock) {
    const { ttlMs, graceMs, tags, ageMs = 0 } = options
    this.value = copy.value
    this.ttlMs = ttlMs
    this.tags = tags
    // Two bytes a character, in the worst case.
    this.size = overhead + 2 * (key.length + copy.json.length)
    this.#now = now
    this.storedAt = now() - ageMs
    this.freshUntil = this.storedAt + ttlMs
    this.staleUntil = this.freshUntil + graceMs
  }

  get ageMs(): number {
    return this.#now() - this.storedAt
  }
}

/** Its holder is in this process, so it needs no end of its own. */
interface MemoryLease extends Lease {
  readonly tags: readonly string[]
  isValid: boolean
}

const noTags: readonly string[] = []

/** Keeps values in this process and evicts those used least recently. */
export class MemoryStore implements CacheStore {
  readonly #entries: LRUCache<string, MemoryEntry>
  readonly #keysByTag = new Map<string, Set<string>>()
  readonly #leases = new Map<string, MemoryLease>()
  readonly #now: Clock
  #tokens = 0
  #evictions = 0

  /**
   * @param maxSize bytes, about
   * @param now milliseconds that never go back
   */
  constructor(maxSize: number, now: Clock = () => performance.now()) {
    this.#now = now
    this.#entries = new LRUCache<string, MemoryEntry>({
      maxSize,
      sizeCalculation: ({ size }) => size,
      dispose: (entry, key, reason) => {
        this.#unindex(key, entry.tags)
        if (reason === 'evict') this.#evictions += 1
      },
    })
  }

  get(key: string, { tags = noTags, refreshAfterMs }: LookupOptions): Lookup {
    const entry = this.#entries.get(key)
    const held = this.#leases.get(key)
    const now = entry ? this.#now() : 0
    if (entry !== undefined && now < entry.freshUntil) {
      const isDue = refreshAfterMs !== undefined && now - entry.storedAt >= refreshAfterMs
      if (!isDue || held) return entry.hit
      return { state: 'fresh', entry, lease: this.#lease('fetch', key, tags) }
    }
    const stale = entry !== undefined && now < entry.staleUntil ? entry : undefined
    if (held?.kind === 'write') return { state: 'written', token: held.token }
    if (held) return { state: 'awaited', token: held.token, stale }
    return { state: 'missing', lease: this.#lease('fetch', key, tags), stale }
  }

  async set(key: string, lease: Lease, copy: Copy, options: StoreOptions): Promise<boolean> {
    const isValid = this.#leases.get(key)?.token === lease.token
    if (isValid) this.#store(key, copy, options)
    return isValid
  }

  async release(key: string, { token }: Lease): Promise<void> {
    if (this.#leases.get(key)?.token === token) this.#end(key)
  }

  async extend(): Promise<void> {}

  async startWrite(key: string, { tags = noTags }: LookupOptions): Promise<Lease> {
    this.#remove(key)
    return this.#lease('write', key, tags)
  }

  async getMany(keys: readonly string[]): Promise<(Entry | undefined)[]> {
    const now = this.#now()
    return keys.map((key) => {
      const entry = this.#entries.get(key)
      return entry !== undefined && now < entry.freshUntil ? entry : undefined
    })
  }

  async setMany(copies: ReadonlyMap<string, Copy>, options: StoreOptions): Promise<void> {
    for (const [key, copy] of copies) this.#store(key, copy, options)
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#remove(key)
  }

  async invalidateTags(tags: readonly string[]): Promise<void> {
    for (const tag of tags) {
      for (const key of this.#keysByTag.get(tag) ?? []) this.#entries.delete(key)
    }
    for (const [key, lease] of this.#leases) {
      if (lease.tags.some((tag) => tags.includes(tag))) this.#end(key)
    }
  }

  async invalidatePattern(pattern: string): Promise<number> {
    const isMatch = matcher(pattern)
    for (const key of [...this.#leases.keys()].filter(isMatch)) this.#end(key)
    const keys = [...this.#entries.keys()].filter(isMatch)
    for (const key of keys) this.#entries.delete(key)
    return keys.length
  }

  async keys(pattern: string, limit: number): Promise<string[]> {
    return [...this.#entries.keys()].filter(matcher(pattern)).slice(0, limit)
  }

  stats() {
    return { entries: this.#entries.size, evictions: this.#evictions, isAway: false }
  }

  async close(): Promise<void> {
    this.#entries.clear()
    for (const key of this.#leases.keys()) this.#end(key)
  }

  #store(key: string, copy: Copy, options: StoreOptions): void {
    this.#end(key)
    this.#entries.set(key, new MemoryEntry(key, copy, options, this.#now))
    // A value larger than the cache isn't kept.
    if (!this.#entries.has(key)) return
    for (const tag of options.tags) {
      const keys = this.#keysByTag.get(tag)
      if (keys) keys.add(key)
      else this.#keysByTag.set(tag, new Set([key]))
    }
  }

  #unindex(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) this.#keysByTag.delete(tag)
    }
  }

  #remove(key: string): void {
    this.#entries.delete(key)
    this.#end(key)
  }

  #lease(kind: Lease['kind'], key: string, tags: readonly string[]): Lease {
    this.#tokens += 1
    const lease = { token: `${this.#tokens}`, kind, tags, isValid: true }
    this.#leases.set(key, lease)
    return lease
  }

  #end(key: string): void {
    const lease = this.#leases.get(key)
    if (lease === undefined) return
    lease.isValid = false
    this.#leases.delete(key)
  }
}

/** Whether a key matches a pattern, in which only `*` is special. */
function matcher(pattern: string): (key: string) => boolean {
  const [head = '', ...parts] = pattern.split('*')
  const tail = parts.pop()
  if (tail === undefined) return (key) => key === pattern
  return (key) => {
    if (!key.startsWith(head) || !key.endsWith(tail)) return false
    let at = head.length
    for (const part of parts) {
      const found = key.indexOf(part, at)
      if (found === -1) return false
      at = found + part.length
    }
    return at <= key.length - tail.length
  }
}
