import { expect, test, vi } from 'vitest'
import { CacheManager } from '../../src/cache/manager.ts'
import { MemoryStore } from '../../src/cache/memory-store.ts'
import { CacheMeter } from '../../src/cache/metrics.ts'
import { Metrics } from '../../src/observability/metrics.ts'

function makeCache() {
  const log = { error: vi.fn(), warn: vi.fn() }
  const meter = new CacheMeter(new Metrics(), 'test')
  return new CacheManager(new MemoryStore(1e6), {
    ttl: 60,
    grace: 60,
    strategy: 'cache_aside',
    meter,
    log,
  })
}

test('smoke', async () => {
  const cache = makeCache()
  const fetch = vi.fn(async () => ({ a: [1] }))
  const reads = await Promise.all(Array.from({ length: 1000 }, () => cache.getOrFetch('k', fetch)))
  expect(fetch).toHaveBeenCalledTimes(1)
  expect(new Set(reads).size).toBe(1)
  expect(await cache.getOrFetch('k', fetch, { tags: ['t'] })).toEqual({ a: [1] })
  await cache.setWriteThrough('k', { a: [2] }, async () => {}, { tags: ['t'] })
  expect(await cache.getOrFetch('k', fetch)).toEqual({ a: [2] })
  await cache.invalidateTags(['t'])
  expect(await cache.getOrFetch('k', fetch)).toEqual({ a: [1] })
  expect(fetch).toHaveBeenCalledTimes(2)
  await expect(
    cache.getOrFetch('x', () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await cache.getOrFetch('x', () => undefined)).toBe(undefined)
  expect(await cache.invalidatePattern('*')).toBe(2)
})
