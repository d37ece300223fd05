import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { MemoryStore } from '../../../src/cache/memory-store.ts'
import { CacheUnavailableError, type Lookup } from '../../../src/cache/store.ts'
import { distant } from '../support/cache-model.ts'
import { cacheOn, observed, slowSource } from '../support/cache-stores.ts'
import { advance, useFakeClock } from '../support/fake-clock.ts'
import { seed } from '../support/seed.ts'

useFakeClock()

const readers = 1_000
const failing = () => Promise.reject(new Error('The source failed.'))
const memory = () => new MemoryStore(1e8)

const stores = [
  { name: 'in memory', make: memory },
  { name: 'that is far', make: () => distant(memory(), async () => {}) },
]

describe.each(stores)('on a store $name', ({ make }) => {
  test('each call takes its round trips and no more', async () => {
    const { store, trips } = observed(make())
    const { cache } = cacheOn(store)
    const tripsOf = async (work: () => Promise<unknown>) => {
      await work()
      await advance(0)
      return trips.splice(0)
    }
    const fetch = vi.fn(() => 1)
    expect(await tripsOf(() => cache.getOrFetch('a', fetch))).toEqual(['get', 'set'])
    expect(fetch).toHaveBeenCalledTimes(1)
    expect(await tripsOf(() => cache.getOrFetch('a', fetch))).toEqual(['get'])
    expect(await tripsOf(() => cache.getWithRefresh('a', fetch))).toEqual(['get'])
    expect(await tripsOf(() => cache.getMany(['a', 'b', 'c']))).toEqual(['getMany'])
    expect(await tripsOf(() => cache.setMany({ a: 1, b: 2 }))).toEqual(['setMany'])
    expect(await tripsOf(() => cache.setWriteThrough('a', 2, () => {}))).toEqual([
      'startWrite',
      'set',
    ])
    expect(await tripsOf(() => cache.setWriteBehind('a', 2, () => {}))).toEqual(['setMany'])
    expect(await tripsOf(() => cache.invalidateTags(['x', 'y']))).toEqual(['invalidateTags'])
    expect(await tripsOf(() => cache.delete('a', 'b'))).toEqual(['delete'])
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('1,000 readers of a missing key share one fetch, and so they do when it has expired', async () => {
    const { cache } = cacheOn(make())
    for (const ttl of [60, 60]) {
      const { fetch, answer } = slowSource({ id: 1 })
      const reads = Array.from({ length: readers }, () => cache.getOrFetch('a', fetch, { ttl }))
      await advance(0)
      answer()
      const values = await Promise.all(reads)
      expect(fetch).toHaveBeenCalledTimes(1)
      expect(new Set(values).size).toBe(1)
      await advance(60_000)
    }
  })

  test('readers in two processes share one fetch', async () => {
    const store = make()
    const caches = [cacheOn(store).cache, cacheOn(store).cache]
    const { fetch, answer } = slowSource({ id: 1 })
    const reads = Array.from({ length: readers }, (_, at) => caches[at % 2]?.getOrFetch('a', fetch))
    await advance(1_000)
    answer()
    await advance(100)
    expect(await Promise.all(reads)).toEqual(reads.map(() => ({ id: 1 })))
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('those who wait get the error of the one fetch, and the next reader fetches anew', async () => {
    const { cache } = cacheOn(make())
    const fetch = vi.fn(failing)
    const reads = Array.from({ length: readers }, () => cache.getOrFetch('a', fetch))
    const results = await Promise.allSettled(reads)
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']))
    expect(fetch).toHaveBeenCalledTimes(1)
    expect(await cache.getOrFetch('a', () => 1)).toBe(1)
  })

  test('those who wait get the stale value if the one fetch fails', async () => {
    const { cache } = cacheOn(make())
    await cache.getOrFetch('a', () => 1)
    await advance(60_000)
    const fetch = vi.fn(failing)
    const reads = Array.from({ length: readers }, () => cache.getOrFetch('a', fetch))
    expect(new Set(await Promise.all(reads))).toEqual(new Set([1]))
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('a value is the same after a miss and after a hit: what JSON keeps of it, frozen', async () => {
    const { cache } = cacheOn(make())
    let key = 0
    const property = fc.asyncProperty(fc.anything({ withDate: true }), async (value) => {
      key += 1
      let kept: unknown
      try {
        kept = value === undefined ? value : JSON.parse(JSON.stringify(value))
      } catch {
        return
      }
      const missed = await cache.getOrFetch(`${key}`, () => value)
      await advance(0)
      const hit = await cache.getOrFetch(`${key}`, failing)
      expect(missed).toStrictEqual(kept)
      expect(hit).toStrictEqual(kept)
      for (const each of [missed, hit]) expect(isFrozen(each)).toBe(true)
    })
    await fc.assert(property, { numRuns: 1_000, seed })
  })
})

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isFrozen)
}

describe('a lease', () => {
  test('is extended each second while the source takes its time', async () => {
    const { store, trips } = observed(memory())
    const { cache } = cacheOn(store)
    const { fetch, answer } = slowSource(1)
    const read = cache.getOrFetch('a', fetch)
    await advance(10_000)
    expect(trips.filter((trip) => trip === 'extend')).toHaveLength(10)
    answer()
    await read
    trips.length = 0
    await advance(10_000)
    expect(trips).toEqual([])
  })

  test('of another process is waited for, at most three seconds', async () => {
    const awaited: Lookup = { state: 'awaited', token: 'of another' }
    const { store, trips } = observed(memory(), { get: async () => awaited })
    const { cache } = cacheOn(store)
    const fetch = vi.fn(async () => 1)
    const reads = Array.from({ length: readers }, () => cache.getOrFetch('a', fetch))
    await advance(2_900)
    expect(fetch).not.toHaveBeenCalled()
    await advance(200)
    expect(await Promise.all(reads)).toEqual(reads.map(() => 1))
    expect(fetch).toHaveBeenCalledTimes(1)
    // One look for all of them, every 10 to 50 ms, and nothing is stored.
    expect(trips.length).toBeLessThan(readers + 3_100 / 10)
    expect(new Set(trips)).toEqual(new Set(['get']))
  })

  test('of a fetch that ended is taken over by the next who looks', async () => {
    const answers: Lookup[] = [
      { state: 'awaited', token: 'of another' },
      { state: 'awaited', token: 'of another' },
      { state: 'missing', lease: { token: 'mine', kind: 'fetch' } },
    ]
    const get = async () => answers.shift() as Lookup
    const { cache } = cacheOn(observed(memory(), { get }).store)
    const read = cache.getOrFetch('a', () => 1)
    await advance(200)
    expect(await read).toBe(1)
  })

  test('is looked at after those who share the look have come, not before', async () => {
    const looks: ((lookup: Lookup) => void)[] = []
    const get = vi.fn(() => new Promise<Lookup>((resolve) => looks.push(resolve)))
    const { cache } = cacheOn(observed(memory(), { get }).store)
    const awaited: Lookup = { state: 'awaited', token: 'of another' }
    const old = { state: 'fresh', entry: { value: 'old', ageMs: 0, ttlMs: 1 } } as const

    const before = cache.getOrFetch('a', failing)
    looks.shift()?.(awaited)
    await advance(50)
    const lookOfFirst = looks.shift()
    // This one comes while the first looks again: the answer may be older than it.
    const after = cache.getOrFetch('a', failing)
    looks.shift()?.(awaited)
    await advance(50)
    lookOfFirst?.(old)
    looks.shift()?.({ ...old, entry: { ...old.entry, value: 'new' } })
    expect(await Promise.all([before, after])).toEqual(['old', 'new'])
  })

  test('of a refresh that failed is kept, so that the source is not asked at once again', async () => {
    const { cache, log } = cacheOn(memory())
    await cache.getOrFetch('a', () => 1)
    await advance(50_000)
    const fetch = vi.fn(failing)
    const read = () => cache.getWithRefresh('a', fetch)
    expect(await read()).toBe(1)
    await advance(1_999)
    expect(await read()).toBe(1)
    expect(fetch).toHaveBeenCalledTimes(1)
    await advance(1)
    expect(await read()).toBe(1)
    expect(fetch).toHaveBeenCalledTimes(2)
    await advance(0)
    expect(log.warn).toHaveBeenCalledTimes(2)
  })

  test('of a refresh that failed ends when the value goes stale', async () => {
    const { cache } = cacheOn(memory())
    await cache.getOrFetch('a', () => 1, { ttl: 2 })
    await advance(1_800)
    await cache.getWithRefresh('a', failing, { ttl: 2 })
    await advance(200)
    expect(await cache.getWithRefresh('a', () => 2, { ttl: 2 })).toBe(2)
  })
})

describe('while the store is away', () => {
  function lostCache() {
    const state = { outage: 1 }
    const lose = () => Promise.reject(new CacheUnavailableError(state.outage))
    const all = ['get', 'set', 'release', 'extend', 'startWrite', 'getMany', 'setMany', 'delete']
    const instead = [...all, 'invalidateTags', 'invalidatePattern'].map((name) => [name, lose])
    const { store, trips } = observed(memory(), Object.fromEntries(instead))
    return { state, trips, ...cacheOn(store) }
  }

  test('readers share a fetch of the source, and nothing is stored', async () => {
    const { cache, trips, log } = lostCache()
    const { fetch, answer } = slowSource(1)
    const reads = Array.from({ length: readers }, () => cache.getOrFetch('a', fetch))
    await advance(0)
    answer()
    expect(new Set(await Promise.all(reads))).toEqual(new Set([1]))
    expect(fetch).toHaveBeenCalledTimes(1)
    expect(new Set(trips)).toEqual(new Set(['get']))
    // The store says that it is away; not each read does.
    expect(log.error).not.toHaveBeenCalled()
  })

  test('a reader does not share a fetch that began in an earlier outage', async () => {
    const { cache, state } = lostCache()
    const early = slowSource('early')
    const first = cache.getOrFetch('a', early.fetch)
    await advance(0)
    state.outage = 2
    expect(await cache.getOrFetch('a', () => 'late')).toBe('late')
    early.answer()
    expect(await first).toBe('early')
  })

  test('a write goes to the source, and the store has to forget the key', async () => {
    const { cache, trips } = lostCache()
    const old = slowSource('old')
    const before = cache.getOrFetch('a', old.fetch)
    await advance(0)
    const write = vi.fn()
    await cache.setWriteThrough('a', 'new', write)
    expect(write).toHaveBeenCalledExactlyOnceWith('new')
    expect(trips.at(-1)).toBe('delete')
    // Who comes after the write doesn't share the fetch from before it.
    expect(await cache.getOrFetch('a', () => 'new')).toBe('new')
    old.answer()
    expect(await before).toBe('old')
  })

  test('what is to be invalidated is refused, and what is to be stored is forgotten', async () => {
    const { cache, trips } = lostCache()
    await expect(cache.invalidateTags(['x'])).rejects.toThrow(CacheUnavailableError)
    await expect(cache.invalidatePattern('*')).rejects.toThrow(CacheUnavailableError)
    await expect(cache.delete('a')).rejects.toThrow(CacheUnavailableError)
    await expect(cache.setMany({ a: 1 })).rejects.toThrow(CacheUnavailableError)
    expect(trips.at(-1)).toBe('delete')
    expect(await cache.getMany(['a'])).toEqual(new Map())
  })

  test('a write that was lost in the middle leaves nothing behind', async () => {
    const set = () => Promise.reject(new CacheUnavailableError(1))
    const { store, trips } = observed(memory(), { set })
    const { cache } = cacheOn(store)
    await cache.setWriteThrough('a', 1, () => {})
    expect(trips).toEqual(['startWrite', 'set', 'delete'])
  })
})

test('a fault of the store is logged, and the source is read', async () => {
  const get = () => Promise.reject(new Error('ERR in a script'))
  const { cache, log } = cacheOn(observed(memory(), { get }).store)
  expect(await cache.getOrFetch('a', () => 1)).toBe(1)
  expect(log.error).toHaveBeenCalledTimes(1)
})

test('a write that fails gives its lease back, so that readers cache again', async () => {
  const { cache } = cacheOn(memory())
  await expect(cache.setWriteThrough('a', 1, failing)).rejects.toThrow('The source failed.')
  await cache.getOrFetch('a', () => 2)
  expect(await cache.getOrFetch('a', failing)).toBe(2)
})

test('two who write at the same time leave nothing behind', async () => {
  const { cache } = cacheOn(memory())
  const slow = slowSource(undefined)
  const first = cache.setWriteThrough('a', 1, slow.fetch)
  await advance(0)
  await cache.setWriteThrough('a', 2, () => {})
  slow.answer()
  await first
  expect(await cache.getMany(['a'])).toEqual(new Map())
})

test('the memory that small values take is bounded, with their tags', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const heap = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const store = new MemoryStore(5e6)
  const before = heap()
  for (let at = 0; at < 100_000; at += 1) {
    const copies = new Map([[`key:${at}`, { json: `${at}`, value: at }]])
    await store.setMany(copies, { tags: [`tag:${at}`], ttlMs: 1, graceMs: 0 })
  }
  expect(store.stats().evictions).toBeGreaterThan(80_000)
  expect(heap() - before).toBeLessThan(2 * 5e6)
  await store.close()
})
