import { randomUUID } from 'node:crypto'
import timers from 'node:timers/promises'
import type { StoreOperation } from './metrics.ts'
import type { CacheSettings, Lifetime } from './options.ts'
import {
  type CacheStore,
  CacheUnavailableError,
  type Copy,
  type Lease,
  type Lookup,
  type LookupOptions,
  leaseMs,
} from './store.ts'

/** What is known about a key; `away` if the store can't be asked. */
export type Finding = Lookup | { readonly state: 'away'; readonly token: string }

/** How long (ms) to wait for the fetch of another process. */
export const maxWaitMs = 3_000

/** Works with a store that may be away: measures its operations, and counts and logs failures. */
export class GuardedStore {
  readonly #store: CacheStore
  readonly #meter: CacheSettings['meter']
  readonly #log: CacheSettings['log']
  readonly #looks = new Map<string, Promise<Finding>>()

  constructor(store: CacheStore, { meter, log }: CacheSettings) {
    this.#store = store
    this.#meter = meter
    this.#log = log
  }

  /** @throws what the store throws */
  async run<T>(operation: StoreOperation, work: (store: CacheStore) => T | Promise<T>): Promise<T> {
    try {
      return await this.#meter.timed(operation, () => work(this.#store))
    } catch (err) {
      this.#meter.failed(operation)
      // The store itself logs its outages.
      if (!(err instanceof CacheUnavailableError)) {
        this.#log.error({ err, operation }, 'cache operation failed')
      }
      throw err
    }
  }

  /** `undefined` if it fails. */
  async attempt<T>(
    operation: StoreOperation,
    work: (store: CacheStore) => Promise<T>,
  ): Promise<T | undefined> {
    return this.run(operation, work).catch(() => undefined)
  }

  async find(lookup: Lookup | Promise<Lookup>): Promise<Finding> {
    try {
      return await this.run('get', () => lookup)
    } catch (error) {
      const outage = error instanceof CacheUnavailableError ? error.outage : randomUUID()
      return { state: 'away', token: `away ${outage}` }
    }
  }

  /** Looks after a while, once for all who wait: each of them came before it looks. */
  lookAgain(key: string, look: LookupOptions, waitedMs: number): Promise<Finding> {
    const again = async () => {
      await timers.setTimeout(Math.min(50, 10 + waitedMs / 4) * (0.75 + Math.random() / 4))
      this.#looks.delete(key)
      return this.find(this.#store.get(key, look))
    }
    const finding = this.#looks.get(key) ?? again()
    this.#looks.set(key, finding)
    return finding
  }

  /** Asks the source and keeps the lease alive meanwhile. */
  async keepAlive<T>(
    key: string,
    lease: Lease | undefined,
    operation: 'fetch' | 'write',
    work: () => T | Promise<T>,
  ): Promise<T> {
    const extend = () => lease && this.#store.extend(key, lease).catch(() => {})
    const timer = lease && setInterval(extend, leaseMs / 2).unref()
    try {
      return await this.#meter.timed(operation, work)
    } finally {
      clearInterval(timer)
    }
  }

  async release(key: string, lease: Lease | undefined): Promise<void> {
    if (lease) await this.attempt('set', (store) => store.release(key, lease))
  }

  /** Stores a value; `false` if its lease is void or the store failed. */
  async set(key: string, lease: Lease, copy: Copy, lifetime: Lifetime): Promise<boolean> {
    const { negativeTtlMs, tags } = lifetime
    const isNothing = copy.value === undefined || copy.value === null
    if (isNothing && negativeTtlMs === 0) {
      await this.forget([key])
      return true
    }
    const options = isNothing ? { ttlMs: negativeTtlMs, graceMs: 0, tags } : lifetime
    return (await this.attempt('set', (store) => store.set(key, lease, copy, options))) ?? false
  }

  /** If it fails, the old values are removed. */
  async setMany(copies: ReadonlyMap<string, Copy>, lifetime: Lifetime): Promise<void> {
    try {
      await this.run('set', (store) => store.setMany(copies, lifetime))
    } catch (error) {
      await this.forget([...copies.keys()])
      throw error
    }
  }

  /** Removes keys; if the store is away, when it is back. */
  async forget(keys: readonly string[]): Promise<void> {
    await this.attempt('invalidate', (store) => store.delete(keys))
  }
}

/** Readers with the same token may share a fetch. */
export function tokenOf(finding: Finding): string | undefined {
  return 'token' in finding ? finding.token : finding.lease?.token
}
