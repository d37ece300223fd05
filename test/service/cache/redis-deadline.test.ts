import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RedisStore } from '../../../src/cache/redis-store.ts'
import { CacheUnavailableError } from '../../../src/cache/store.ts'

/** A client whose server answers when the test says so. */
class SlowRedis extends EventEmitter {
  readonly options = { keyPrefix: 'test:', host: 'slow', port: 6_379, db: 0 }
  readonly replies: (() => void)[] = []
  readonly cacheArrive = vi.fn(async () => ['1', '0'])
  defineCommand() {}
  disconnect() {}
  async connect() {}

  cacheGet() {
    const answer = ['fresh', '', '1', 1, 1_000, '{}']
    return new Promise((resolve) => this.replies.push(() => resolve(answer)))
  }
}

let redis: SlowRedis
let store: RedisStore

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  redis = new SlowRedis()
  store = new RedisStore(redis as unknown as Redis, { info: () => {}, warn: () => {} } as never)
  await store.connect()
})
afterEach(async () => {
  await store.close()
  vi.useRealTimers()
})

/** What becomes of a read: its value, `unavailable`, or `waiting` so far. */
function read() {
  const outcome = { is: 'waiting' as unknown }
  store.get('key', {}).then(
    (found) => {
      outcome.is = found.state === 'fresh' && found.entry.value
    },
    (error) => {
      outcome.is = error instanceof CacheUnavailableError ? 'unavailable' : error
    },
  )
  return outcome
}

/** A few turns of the event loop. */
async function turns() {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate()
}

test('gives up after 50 ms, for all who wait, and from then on at once', async () => {
  const reads = [read(), read()]
  vi.advanceTimersByTime(49)
  await turns()
  expect(reads).toEqual([{ is: 'waiting' }, { is: 'waiting' }])
  vi.advanceTimersByTime(1)
  await turns()
  expect(reads).toEqual([{ is: 'unavailable' }, { is: 'unavailable' }])
  const later = read()
  await turns()
  expect(later).toEqual({ is: 'unavailable' })
  expect(redis.replies).toHaveLength(2)
})

test('a reply that waited in this process counts, though its deadline is over', async () => {
  const late = read()
  vi.advanceTimersByTime(1_000)
  redis.replies[0]?.()
  await turns()
  expect(late).toEqual({ is: 1 })
  expect(store.isAway).toBe(false)
})

test('a busy process waits as long as replies come in, and no longer', async () => {
  const reads = Array.from({ length: 20 }, read)
  vi.advanceTimersByTime(50)
  for (const reply of redis.replies.slice(0, 10)) {
    reply()
    await setImmediate()
  }
  await turns()
  const outcomes = reads.map(({ is }) => is)
  expect(outcomes).toEqual([...Array(10).fill(1), ...Array(10).fill('unavailable')])
})

test('tries again every 100 to 250 ms, one attempt at a time', async () => {
  redis.cacheArrive.mockRejectedValue(new Error('still away'))
  read()
  vi.advanceTimersByTime(50)
  await turns()
  redis.cacheArrive.mockClear()
  for (let ms = 0; ms < 10_000; ms += 10) {
    vi.advanceTimersByTime(10)
    await turns()
  }
  expect(redis.cacheArrive.mock.calls.length).toBeGreaterThanOrEqual(40)
  expect(redis.cacheArrive.mock.calls.length).toBeLessThanOrEqual(100)
  redis.cacheArrive.mockResolvedValue(['1', '0'])
  vi.advanceTimersByTime(250)
  await turns()
  expect(store.isAway).toBe(false)
})
