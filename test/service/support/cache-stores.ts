import { vi } from 'vitest'
import { CacheManager } from '../../../src/cache/manager.ts'
import { CacheMeter } from '../../../src/cache/metrics.ts'
import type { CacheStore } from '../../../src/cache/store.ts'
import { Metrics } from '../../../src/observability/metrics.ts'

/** A cache on a store, with what it logs and what it queues. */
export function cacheOn(store: CacheStore) {
  const log = { error: vi.fn(), warn: vi.fn() }
  const queue = { add: vi.fn(), addWriter: vi.fn(), depth: 0, close: vi.fn() }
  const meter = new CacheMeter(new Metrics(), 'test')
  const settings = { ttl: 60, grace: 60, strategy: 'cache_aside', meter, log, queue } as const
  return { cache: new CacheManager(store, settings), log, queue }
}

/** A store that writes down the round trips to it; `instead` says what some of them do. */
export function observed(store: CacheStore, instead: Partial<CacheStore> = {}) {
  const trips: string[] = []
  const proxy = new Proxy(store, {
    get(target, name) {
      const own = Reflect.get(instead, name) ?? Reflect.get(target, name).bind(target)
      return (...args: unknown[]) => {
        trips.push(String(name))
        return own(...args)
      }
    },
  })
  return { store: proxy, trips }
}

/** A source that answers when it is told to. */
export function slowSource<T>(value: T) {
  const waiting: (() => void)[] = []
  const fetch = vi.fn(() => new Promise<T>((resolve) => waiting.push(() => resolve(value))))
  const answer = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  return { fetch, answer }
}
