import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test, vi } from 'vitest'
import { CacheMeter } from '../../../src/cache/metrics.ts'
import { WriteBehind } from '../../../src/cache/write-behind.ts'
import { Metrics } from '../../../src/observability/metrics.ts'
import { testApp } from '../../support/app.ts'

let app: FastifyInstance | undefined

afterEach(async () => {
  vi.useRealTimers()
  await app?.close()
  app = undefined
})

/** The samples of a metric that aren't zero, by their labels without the name of the cache. */
async function valuesOf(metrics: Metrics, name: string): Promise<Record<string, number>> {
  const family = (await metrics.collect()).find((one) => one.name === name)
  const samples = family?.samples.filter(({ value }) => value !== 0) ?? []
  return Object.fromEntries(
    samples.map(({ labels, value }) => [labels.replace(/^cache_name="\w+",?/, ''), value]),
  )
}

test.each([
  ['memory', {}, 1],
  ['none', { CACHE_STORE: 'none' }, undefined],
  ['none, as workers share no Redis', { WORKERS: '2' }, undefined],
])('a cache in %s counts reads only if they could hit', async (_store, env, misses) => {
  app = await testApp(env)
  await app.ready()
  await app.cache.getOrFetch('a', () => 1)
  await app.cache.getMany(['b'])
  const { '': counted } = await valuesOf(app.metrics, 'cache_misses_total')
  expect(counted).toBe(misses && misses + 1)
})

test('what was removed to make room is counted once, however many pages are served', async () => {
  app = await testApp({ CACHE_MAX_SIZE: '10000' })
  await app.ready()
  for (let at = 0; at < 20; at += 1) await app.cache.getOrFetch(`${at}`, () => 'x'.repeat(1_000))
  const { '': entries = 0 } = await valuesOf(app.metrics, 'cache_entries')
  expect(entries).toBeGreaterThan(0)
  for (let page = 0; page < 3; page += 1) {
    expect(await valuesOf(app.metrics, 'cache_evictions_total')).toEqual({ '': 20 - entries })
  }
})

test('a write that succeeds in the end is no error, and one that is given up is one', async () => {
  vi.useFakeTimers()
  const metrics = new Metrics()
  const log = { error: vi.fn() }
  const queue = new WriteBehind({ meter: new CacheMeter(metrics, 'app'), log })
  const writer = vi.fn(async () => {})
  const add = () => queue.add({ key: 'a', value: 1, writer })
  writer.mockRejectedValueOnce(new Error('busy'))
  await add()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(writer).toHaveBeenCalledTimes(2)
  vi.useRealTimers()
  expect(await valuesOf(metrics, 'cache_errors_total')).toEqual({})

  vi.useFakeTimers()
  writer.mockRejectedValue(new Error('refused'))
  await add()
  await vi.advanceTimersByTimeAsync(60_000)
  vi.useRealTimers()
  expect(log.error).toHaveBeenCalledOnce()
  expect(await valuesOf(metrics, 'cache_errors_total')).toEqual({ 'operation="write"': 1 })
})
