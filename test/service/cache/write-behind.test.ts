import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CacheMeter } from '../../../src/cache/metrics.ts'
import type { Writer } from '../../../src/cache/store.ts'
import { WriteBehind } from '../../../src/cache/write-behind.ts'
import { Metrics } from '../../../src/observability/metrics.ts'
import { randomFrom } from '../../support/random.ts'
import { seed } from '../support/seed.ts'

const meter = new CacheMeter(new Metrics(), 'test')
const log = { error: vi.fn() }

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
})
afterEach(() => {
  vi.useRealTimers()
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

interface Made {
  readonly key: string
  readonly value: unknown
  readonly idempotencyKey: string
}

/** Writers that are slow and fail now and then, and check what they are given. */
class Writers {
  readonly made: Made[] = []
  /** What they should never have been given. A writer that threw would only be called again. */
  readonly faults: string[] = []
  readonly all: Writer<unknown>[]
  readonly #underway = new Set<string>()
  readonly #random: () => number

  /** @param failures part of the batches that fail */
  constructor(random: () => number, failures: number, count = 3) {
    this.#random = random
    this.all = Array.from({ length: count }, () => this.#make(failures))
  }

  #make(failures: number): Writer<unknown> {
    let isRunning = false
    return async (writes) => {
      if (isRunning) this.faults.push('a second batch')
      isRunning = true
      if (writes.length > 100) this.faults.push(`${writes.length} writes`)
      for (const { key } of writes) {
        if (this.#underway.has(key)) this.faults.push(`${key} twice`)
        this.#underway.add(key)
      }
      await sleep(this.#random() * 100)
      for (const { key } of writes) this.#underway.delete(key)
      isRunning = false
      if (this.#random() < failures) throw new Error('busy')
      this.made.push(...writes)
    }
  }
}

test.each(Array.from({ length: 20 }, (_, at) => seed + at))(
  'everything is made once, in the order of its key (TEST_SEED=%i)',
  async (runSeed) => {
    const random = randomFrom(runSeed)
    const pick = (below: number) => Math.floor(random() * below)
    const writers = new Writers(random, random() * 0.15)
    const queue = new WriteBehind({ meter, log })
    const keys = 1 + pick(300)
    const accepted: number[] = []
    const adding: Promise<unknown>[] = []
    const total = 2_000
    const added = new Map<string, number[]>()
    for (let value = 0; value < total; value += 1) {
      const key = `key-${pick(keys)}`
      const writer = writers.all[pick(writers.all.length)] as Writer<unknown>
      added.set(key, [...(added.get(key) ?? []), value])
      adding.push(queue.add({ key, value, writer }).then(() => accepted.push(value)))
      if (random() > 0.01) continue
      await vi.advanceTimersByTimeAsync(pick(50))
      const waiting = accepted.length - writers.made.length - log.error.mock.calls.length
      expect(waiting).toBeLessThanOrEqual(1_000)
      expect(queue.depth).toBe(waiting)
    }
    let isDone = false
    const all = Promise.all(adding).then(() => {
      isDone = true
    })
    while (!isDone) await vi.advanceTimersByTimeAsync(1_000)
    await all
    const closing = queue.close()
    await vi.advanceTimersByTimeAsync(600_000)
    vi.useRealTimers()
    await closing

    expect(accepted).toEqual(Array.from({ length: total }, (_, at) => at))
    expect(writers.faults).toEqual([])
    const lost = log.error.mock.calls.length
    expect(lost).toBeLessThan(total / 50)
    expect(writers.made.length + lost).toBe(total)
    expect(new Set(writers.made.map((write) => write.idempotencyKey)).size).toBe(total - lost)
    for (const [key, values] of added) {
      const made = writers.made.filter((write) => write.key === key).map(({ value }) => value)
      const isMade = new Set(made)
      expect(made).toEqual(values.filter((value) => isMade.has(value)))
    }
  },
)

test('a writer that hangs keeps no other from writing', async () => {
  const queue = new WriteBehind({ meter, log })
  const other = vi.fn()
  await queue.add({ key: 'a', value: 1, writer: () => new Promise(() => {}) })
  await vi.advanceTimersByTimeAsync(100)
  await queue.add({ key: 'b', value: 1, writer: other })
  await vi.advanceTimersByTimeAsync(100)
  expect(other).toHaveBeenCalledOnce()
})

test('one bad write in each hundred keeps none of the others waiting for its retries', async () => {
  const queue = new WriteBehind({ meter, log })
  const made: string[] = []
  const writer: Writer<unknown> = (writes) => {
    if (writes.some(({ key }) => key.endsWith('00'))) throw new Error('bad')
    made.push(...writes.map(({ key }) => key))
  }
  for (let at = 0; at < 1_000; at += 1) await queue.add({ key: `${at}`, value: at, writer })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(made).toHaveLength(991)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(log.error).toHaveBeenCalledTimes(9)
  expect(queue.depth).toBe(0)
})

test('closing waits for what fails, but not for a minute', async () => {
  const queue = new WriteBehind({ meter, log })
  const writer = vi.fn().mockRejectedValue(new Error('down'))
  await queue.add({ key: 'a', value: 1, writer })
  // The next attempt would be made in more than half a minute.
  await vi.advanceTimersByTimeAsync(10_000)
  expect(writer).toHaveBeenCalledTimes(4)
  const isClosed = vi.fn()
  const closing = queue.close().then(isClosed)
  await vi.advanceTimersByTimeAsync(1_000)
  vi.useRealTimers()
  await closing
  expect(writer).toHaveBeenCalledTimes(5)
  expect(log.error).toHaveBeenCalledOnce()
})

test('a writer that throws at once fails as one that rejects', async () => {
  const queue = new WriteBehind({ meter, log })
  const writer = vi.fn(() => {
    if (writer.mock.calls.length === 1) throw new Error('busy')
  })
  await queue.add({ key: 'a', value: 1, writer })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(writer).toHaveBeenCalledTimes(2)
  expect(queue.depth).toBe(0)
})
