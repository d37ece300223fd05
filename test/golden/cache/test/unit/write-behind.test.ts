import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CacheMeter } from '../../src/cache/metrics.ts'
import type { Writer } from '../../src/cache/store.ts'
import { WriteBehind } from '../../src/cache/write-behind.ts'
import { Metrics } from '../../src/observability/metrics.ts'

let queue: WriteBehind
const meter = new CacheMeter(new Metrics(), 'test')
const log = { error: vi.fn() }

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  vi.spyOn(meter, 'failed')
  queue = new WriteBehind({ meter, log })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Writes into a list, after a failure for the keys that are `bad`. */
function makeWriter(...bad: string[]) {
  const batches: string[][] = []
  const writer = vi.fn<Writer<unknown>>(async (writes) => {
    const names = writes.map(({ key, value }) => `${key}=${value}`)
    if (writes.some(({ key }) => bad.includes(key))) throw new Error(`refused ${names}`)
    batches.push(names)
  })
  return { batches, writer }
}

function add(writer: Writer<unknown> | string, key: string, value: unknown = 1): Promise<void> {
  return queue.add({ key, value, writer })
}

/** A number of keys. */
function keys(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `key-${at}`)
}

test('what comes within 20 ms is one batch, with a key for each write', async () => {
  const { batches, writer } = makeWriter()
  queue.addWriter('prices', writer)
  await add('prices', 'a')
  await vi.advanceTimersByTimeAsync(10)
  await add('prices', 'b')
  expect(writer).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(10)
  expect(batches).toEqual([['a=1', 'b=1']])
  const ids = writer.mock.calls.flatMap(([writes]) => writes.map((write) => write.idempotencyKey))
  expect(new Set(ids).size).toBe(2)
})

test('a batch has at most 100 writes, and a writer one batch at a time', async () => {
  const { batches, writer } = makeWriter()
  let isRunning = false
  const slow: Writer<unknown> = async (writes) => {
    expect(isRunning).toBe(false)
    isRunning = true
    await new Promise((resolve) => setTimeout(resolve, 500))
    isRunning = false
    await writer(writes)
  }
  await Promise.all(keys(250).map((key) => add(slow, key)))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50])
})

test('writes of one key keep their order, also of different writers, and are never in one batch', async () => {
  const { batches, writer } = makeWriter()
  await add(writer, 'a', 1)
  await add((writes) => writer(writes), 'a', 2)
  await add(writer, 'b', 1)
  await add(writer, 'a', 3)
  await vi.advanceTimersByTimeAsync(100)
  expect(batches).toEqual([['a=1', 'b=1'], ['a=2'], ['a=3']])
})

test('when 1,000 writes wait, callers wait for room', async () => {
  let finish = () => {}
  const writer = () => new Promise<void>((resolve) => (finish = resolve))
  await Promise.all(keys(1_000).map((key) => add(writer, key)))
  const isAccepted = vi.fn()
  const waiting = add(writer, 'one more').then(isAccepted)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(isAccepted).not.toHaveBeenCalled()
  expect(queue.depth).toBe(1_000)
  finish()
  await waiting
})

describe('a write that fails', () => {
  test('is attempted five times within a minute, then logged and dropped', async () => {
    const { writer } = makeWriter('bad')
    await add(writer, 'bad')
    for (const [waitMs, attempts] of [
      [20, 1],
      [220, 2],
      [1_220, 3],
      [7_220, 4],
      [43_220, 5],
    ] as const) {
      expect(writer).toHaveBeenCalledTimes(attempts - 1)
      await vi.advanceTimersByTimeAsync(waitMs)
      expect(writer).toHaveBeenCalledTimes(attempts)
    }
    expect(log.error).toHaveBeenCalledExactlyOnceWith(
      { err: new Error('refused bad=1'), key: 'bad' },
      'write given up',
    )
    expect(meter.failed).toHaveBeenCalledExactlyOnceWith('write')
    expect(queue.depth).toBe(0)
  })

  test('keeps no other from being made', async () => {
    const { batches, writer } = makeWriter('key-50')
    await Promise.all(keys(100).map((key) => add(writer, key)))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(batches.flat()).toHaveLength(99)
  })

  test('holds up later writes of its key until it is made', async () => {
    const { batches, writer } = makeWriter()
    writer.mockRejectedValueOnce(new Error('busy'))
    await add(writer, 'a', 1)
    await add(writer, 'a', 2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(batches).toEqual([['a=1'], ['a=2']])
  })
})

test('closing makes everything that waits, and refuses what comes later', async () => {
  const { batches, writer } = makeWriter()
  writer.mockRejectedValueOnce(new Error('busy'))
  const adding = keys(1_200).map((key) => add(writer, key))
  const closing = queue.close()
  await vi.advanceTimersByTimeAsync(5_000)
  await Promise.all([...adding, closing])
  expect(batches.flat()).toHaveLength(1_200)
  await expect(add(writer, 'late')).rejects.toThrow('The write of late comes too late')
})

test('a name without a writer, or with two, is a mistake', async () => {
  await expect(add('prices', 'a')).rejects.toThrow('No writer is called prices.')
  queue.addWriter('prices', () => {})
  expect(() => queue.addWriter('prices', () => {})).toThrow('A writer called prices exists')
})
