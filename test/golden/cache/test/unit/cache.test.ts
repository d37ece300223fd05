import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CacheManager } from '../../src/cache/manager.ts'
import { MemoryStore } from '../../src/cache/memory-store.ts'
import { CacheMeter } from '../../src/cache/metrics.ts'
import { CacheUnavailableError } from '../../src/cache/store.ts'
import { Metrics } from '../../src/observability/metrics.ts'

const log = { error: vi.fn(), warn: vi.fn() }
const queue = { add: vi.fn(), addWriter: vi.fn(), depth: 0, close: vi.fn() }
const tags = ['products']

let store: MemoryStore
let cache: CacheManager

beforeEach(() => {
  vi.useFakeTimers()
  // Lifetimes are as long as asked.
  vi.spyOn(Math, 'random').mockReturnValue(0)
  store = new MemoryStore(1e6)
  const meter = new CacheMeter(new Metrics(), 'test')
  const settings = { ttl: 60, grace: 30, strategy: 'cache_aside', meter, log, queue } as const
  cache = new CacheManager(store, settings)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.clearAllMocks()
})

/** A source that counts its answers: 1, 2, and so on. */
const counter = () => {
  let count = 0
  return vi.fn(async () => {
    count += 1
    return count
  })
}
const failing = async () => {
  throw new Error('The source is away.')
}
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000)

describe('cache-aside', () => {
  test('fetches a value once in its lifetime', async () => {
    const fetch = counter()
    expect(await cache.getOrFetch('a', fetch)).toBe(1)
    await pass(59)
    expect(await cache.getOrFetch('a', fetch)).toBe(1)
    await pass(1)
    expect(await cache.getOrFetch('a', fetch)).toBe(2)
  })

  test('lets all who come meanwhile share one fetch', async () => {
    const fetch = counter()
    const reads = Array.from({ length: 100 }, () => cache.getOrFetch('a', fetch))
    expect(new Set(await Promise.all(reads))).toEqual(new Set([1]))
  })

  test.each([0, '', false, null, undefined])('takes %j for a value', async (value) => {
    const fetch = vi.fn(() => value)
    expect(await cache.getOrFetch('a', fetch)).toBe(value)
    expect(await cache.getOrFetch('a', fetch)).toBe(value)
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('keeps for ten seconds that there is no such thing, or as long as it is told', async () => {
    const fetch = vi.fn(() => null)
    await cache.getOrFetch('a', fetch)
    await pass(10)
    await cache.getOrFetch('a', fetch, { negativeTtl: 0 })
    await cache.getOrFetch('a', fetch, { negativeTtl: 0 })
    expect(fetch).toHaveBeenCalledTimes(3)
  })

  test('gives a copy that nobody can change, after a miss and after a hit', async () => {
    const source = { at: new Date(0), list: [{ id: 1 }], nothing: undefined }
    const missed = await cache.getOrFetch<unknown>('a', () => source)
    const hit = await cache.getOrFetch<unknown>('a', () => source)
    expect(missed).toStrictEqual({ at: '1970-01-01T00:00:00.000Z', list: [{ id: 1 }] })
    expect(hit).toBe(missed)
    expect(() => Object.assign((hit as typeof source).list, [{ id: 2 }])).toThrow(TypeError)
  })

  test('never caches errors, nor what JSON cannot hold', async () => {
    await expect(cache.getOrFetch('a', failing)).rejects.toThrow('The source is away.')
    await expect(cache.getOrFetch('a', () => 1n)).rejects.toThrow(
      "The value of a can't be cached, because JSON can't hold it",
    )
    expect(await cache.getOrFetch('a', () => 1)).toBe(1)
  })

  test('gives a stale value within its grace if the fetch fails', async () => {
    await cache.getOrFetch('a', () => 1)
    await pass(89)
    expect(await cache.getOrFetch('a', failing)).toBe(1)
    await pass(1)
    await expect(cache.getOrFetch('a', failing)).rejects.toThrow('The source is away.')
  })

  test('refuses lifetimes that it cannot keep', async () => {
    const message = 'ttl is 90000: give seconds from 0.001 to 86400.'
    await expect(cache.getOrFetch('a', () => 1, { ttl: 90_000 })).rejects.toThrow(message)
    expect(await cache.getOrFetch('a', () => 1)).toBe(1)
  })
})

describe('refresh-ahead', () => {
  test('gives the cached value, and fetches a new one after 80% of its lifetime', async () => {
    const fetch = counter()
    await cache.getWithRefresh('a', fetch)
    await pass(47)
    await cache.getWithRefresh('a', fetch)
    expect(fetch).toHaveBeenCalledTimes(1)
    await pass(1)
    const reads = Array.from({ length: 10 }, () => cache.getWithRefresh('a', fetch))
    expect(new Set(await Promise.all(reads))).toEqual(new Set([1]))
    await pass(0)
    expect(await cache.getWithRefresh('a', fetch)).toBe(2)
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  test('keeps the cached value if that fails', async () => {
    await cache.getWithRefresh('a', () => 1)
    await pass(50)
    expect(await cache.getWithRefresh('a', failing)).toBe(1)
    expect(await cache.getWithRefresh('a', failing)).toBe(1)
    await pass(0)
    expect(log.warn).toHaveBeenCalledTimes(1)
  })
})

describe('write-through', () => {
  test('writes to the source, and caches the value', async () => {
    const write = vi.fn()
    await cache.setWriteThrough('a', 1, write)
    expect(write).toHaveBeenCalledExactlyOnceWith(1)
    expect(await cache.getOrFetch('a', failing)).toBe(1)
  })

  test('caches nothing if the source refuses the value', async () => {
    await cache.getOrFetch('a', () => 1)
    await expect(cache.setWriteThrough('a', 2, failing)).rejects.toThrow('The source is away.')
    expect(await cache.getOrFetch('a', () => 3)).toBe(3)
  })

  test('keeps a fetch that began before from caching what it found', async () => {
    let answer = (_value: number) => {}
    const read = cache.getOrFetch('a', () => new Promise<number>((resolve) => (answer = resolve)))
    await cache.setWriteThrough('a', 2, () => {})
    answer(1)
    expect(await read).toBe(1)
    expect(await cache.getOrFetch('a', failing)).toBe(2)
  })
})

describe('write-behind', () => {
  test('caches the value once its write is accepted', async () => {
    await cache.setWriteBehind('a', { id: 1 }, 'prices')
    const write = { key: 'a', value: { id: 1 }, writer: 'prices' }
    expect(queue.add).toHaveBeenCalledExactlyOnceWith(write)
    expect(await cache.getOrFetch('a', failing)).toEqual({ id: 1 })
  })

  test('changes nothing if the write is not accepted', async () => {
    queue.add.mockRejectedValueOnce(new CacheUnavailableError(1))
    await cache.getOrFetch('a', () => 1)
    await expect(cache.setWriteBehind('a', 2, 'prices')).rejects.toThrow(CacheUnavailableError)
    expect(await cache.getOrFetch('a', failing)).toBe(1)
  })

  test('makes the writes that wait when the cache is closed', async () => {
    await cache.close()
    expect(queue.close).toHaveBeenCalledTimes(1)
  })
})

describe('many keys', () => {
  test('are read and set at once', async () => {
    await cache.setMany({ a: 1, b: 0 }, { ttl: 5 })
    expect(await cache.getMany(['b', 'c', 'a'])).toEqual(
      new Map([
        ['b', 0],
        ['a', 1],
      ]),
    )
    await pass(5)
    expect(await cache.getMany(['a', 'b'])).toEqual(new Map())
  })
})

describe('invalidation', () => {
  const read = (key: string, value: number) => cache.getOrFetch(key, () => value, { tags })

  test.each([
    { name: 'of a key', invalidate: () => cache.delete('product:1') },
    { name: 'of a tag', invalidate: () => cache.invalidateTags(['others', 'products']) },
    { name: 'of a pattern', invalidate: () => cache.invalidatePattern('p*t:*') },
  ])('$name removes what was cached, and voids a fetch that is running', async ({ invalidate }) => {
    await cache.setMany({ 'other:1': 1 })
    await read('product:1', 1)
    await invalidate()
    const running = read('product:1', 2)
    await invalidate()
    expect(await running).toBe(2)
    expect(await read('product:1', 3)).toBe(3)
    expect(await cache.getMany(['other:1'])).toEqual(new Map([['other:1', 1]]))
  })

  test('of a pattern takes only * for special', async () => {
    await cache.setMany({ 'a.b': 1, axb: 2, 'a[b]': 3, a: 4 })
    expect(await cache.invalidatePattern('a.b')).toBe(1)
    expect(await cache.invalidatePattern('a[*]')).toBe(1)
    expect(await cache.invalidatePattern('a*a')).toBe(0)
    expect(await cache.invalidatePattern('*')).toBe(2)
  })
})

describe('cached functions', () => {
  test('are called once for the same arguments', async () => {
    const find = vi.fn(async (id: number, ..._options: unknown[]) => id * 2)
    const cachedFind = cache.cached(find, { keyPrefix: 'double', tags })
    expect([await cachedFind(1), await cachedFind(1, undefined), await cachedFind(2)]).toEqual([
      2, 2, 4,
    ])
    expect(find).toHaveBeenCalledTimes(2)
    await cachedFind(1, undefined, null)
    await cachedFind(1, null, null)
    await cachedFind(1, { limit: 5 })
    expect(find).toHaveBeenCalledTimes(5)
    expect(await store.keys('*', 10)).toContain('double:1,{"limit":5}')
  })

  test('have short keys', async () => {
    const cachedLength = cache.cached((text: string) => text.length, { keyPrefix: 'length' })
    expect(await cachedLength('a'.repeat(500))).toBe(500)
    expect(await cachedLength(`${'a'.repeat(500)}b`)).toBe(501)
    for (const key of await store.keys('length:*', 10)) expect(key).toHaveLength(100)
  })

  test.each([
    { name: 'a Map', argument: new Map([[1, 2]]) },
    { name: 'a BigInt', argument: 1n },
    { name: 'NaN', argument: { id: Number.NaN } },
    { name: 'undefined in a list', argument: [undefined] },
    { name: 'a function', argument: () => 1 },
  ])('refuse $name, which JSON would take for something else', async ({ argument }) => {
    const cachedFind = cache.cached((_: unknown) => 1, { keyPrefix: 'find' })
    await expect(cachedFind(argument)).rejects.toThrow('The cached function find')
    const own = cache.cached((_: unknown) => 1, { keyPrefix: 'find', keyFn: () => 'own' })
    expect(await own(argument)).toBe(1)
  })

  test('refresh ahead if they are told to', async () => {
    const find = counter()
    const cachedFind = cache.cached(find, { keyPrefix: 'find', strategy: 'refresh_ahead' })
    await cachedFind()
    await pass(50)
    expect(await cachedFind()).toBe(1)
    expect(find).toHaveBeenCalledTimes(2)
  })
})

test('memory is bounded: what was used least recently makes room', async () => {
  for (let id = 0; id < 10_000; id += 1) await cache.setMany({ [`product:${id}`]: 'x'.repeat(100) })
  const { entries, evictions } = store.stats()
  expect(entries + evictions).toBe(10_000)
  expect(entries).toBeLessThan(2_000)
  expect((await cache.getMany(['product:0', 'product:9999'])).size).toBe(1)
})
