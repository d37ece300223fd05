import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import { Bulkhead } from '../../../src/resilience/bulkhead.ts'
import { CircuitBreaker } from '../../../src/resilience/circuit-breaker.ts'
import {
  BulkheadFullError,
  CircuitOpenError,
  HttpStatusError,
  TimeoutError,
} from '../../../src/resilience/errors.ts'
import { policy } from '../../../src/resilience/policy.ts'
import { Retry } from '../../../src/resilience/retry.ts'
import { Timeout } from '../../../src/resilience/timeout.ts'
import { errorOf, openCall } from '../../support/calls.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const unavailable = new HttpStatusError('GET http://a/', 503)
const hang = () => new Promise<never>(() => {})

function start({ failureThreshold = 5, concurrency = 10, queue = 0, attempts = 3 } = {}) {
  const clock = new FakeClock()
  const breaker = new CircuitBreaker('callee', { clock, failureThreshold })
  const bulkhead = new Bulkhead({ concurrency, queue })
  const all = policy({
    deadline: new Timeout(10_000, { clock }),
    retry: new Retry({ clock, attempts, random: () => 0.5 }),
    breaker,
    bulkhead,
    timeout: new Timeout(1_000, { clock }),
  })
  return { clock, breaker, bulkhead, all }
}

test('each attempt has its own timeout and counts for the breaker', async () => {
  const { clock, breaker, all } = start()
  const work = vi.fn(hang)
  const error = errorOf(all.exec(work))
  await clock.advance(1_050)
  expect(work).toHaveBeenCalledTimes(2)
  await clock.advance(5_000)
  expect(await error).toEqual(new TimeoutError(1_000))
  expect(breaker.stats().totals.failure).toBe(3)
  expect(clock.pending).toBe(0)
})

test('an open circuit ends the retries', async () => {
  const { clock, all } = start({ failureThreshold: 2, concurrency: 1 })
  const work = vi.fn().mockRejectedValue(unavailable)
  const error = errorOf(all.exec(work))
  await clock.advance(5_000)
  expect(await error).toBeInstanceOf(CircuitOpenError)
  expect(work).toHaveBeenCalledTimes(2)
  expect(await errorOf(all.exec(work))).toBeInstanceOf(CircuitOpenError)
})

test('nobody queues behind the trial of a circuit', async () => {
  const { clock, all } = start({ failureThreshold: 1, concurrency: 1, queue: 1, attempts: 1 })
  await errorOf(all.exec(() => Promise.reject(unavailable)))
  await clock.advance(60_000)
  const trial = openCall()
  const running = all.exec(trial.work)
  expect(await errorOf(all.exec(hang))).toBeInstanceOf(CircuitOpenError)
  trial.succeed('done')
  expect(await running).toBe('done')
})

test('a full bulkhead refuses without a retry, and the breaker does not blame the callee', async () => {
  const { clock, breaker, bulkhead, all } = start({ concurrency: 1, failureThreshold: 1 })
  const call = openCall()
  const running = all.exec(call.work)
  expect(await errorOf(all.exec(hang))).toBeInstanceOf(BulkheadFullError)
  expect(breaker.state).toBe('closed')
  call.succeed('done')
  expect(await running).toBe('done')
  expect(bulkhead.stats()).toEqual({ running: 0, waiting: 0 })
  expect(clock.pending).toBe(0)
})

test('the place in the bulkhead is free while a retry waits', async () => {
  const { clock, bulkhead, all } = start({ concurrency: 1 })
  const work = vi.fn().mockRejectedValueOnce(unavailable).mockResolvedValue('done')
  const call = all.exec(work)
  await clock.advance(10)
  expect(bulkhead.stats().running).toBe(0)
  await clock.advance(100)
  expect(await call).toBe('done')
})

test('time in the queue is not held against the callee', async () => {
  const { clock, breaker, all } = start({
    concurrency: 1,
    queue: 1,
    failureThreshold: 2,
    attempts: 1,
  })
  const first = errorOf(all.exec(hang))
  await clock.advance(500)
  const second = all.exec(async () => 'done')
  await clock.advance(500)
  expect(await first).toEqual(new TimeoutError(1_000))
  expect(await second).toBe('done')
  expect(breaker.state).toBe('closed')
})

test('the deadline ends everything, also a wait', async () => {
  const clock = new FakeClock()
  const retry = new Retry({ clock, attempts: 100, baseMs: 1_000, random: () => 0.5 })
  const all = policy({ deadline: new Timeout(2_000, { clock }), retry })
  const error = errorOf(all.exec(() => Promise.reject(unavailable)))
  await clock.advance(2_000)
  expect(await error).toEqual(new TimeoutError(2_000))
  expect(clock.pending).toBe(0)
})

test('idempotent reaches the retry through the deadline', async () => {
  const { all } = start()
  const work = vi.fn().mockRejectedValue(unavailable)
  expect(await errorOf(all.exec(work, { idempotent: false }))).toBe(unavailable)
  expect(work).toHaveBeenCalledTimes(1)
})

test('an abort of the caller reaches the work through all parts', async () => {
  const { clock, breaker, bulkhead, all } = start({ failureThreshold: 1 })
  const controller = new AbortController()
  let seen: AbortSignal | undefined
  const work = (signal: AbortSignal) => {
    seen = signal
    return new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  const error = errorOf(all.exec(work, { signal: controller.signal }))
  await clock.advance(10)
  controller.abort('gone')
  expect(await error).toBe('gone')
  await clock.advance(0)
  expect(seen?.reason).toBe('gone')
  expect(breaker.state).toBe('closed')
  expect(bulkhead.stats().running).toBe(0)
  expect(clock.pending).toBe(0)
})

test('a signal that outlives its calls collects no listeners', async () => {
  const { clock, breaker, bulkhead, all } = start({ concurrency: 1, queue: 10 })
  const retry = new Retry({ clock, random: () => 0.5 })
  const { signal } = new AbortController()
  for (const each of [all, policy({ retry, breaker }), bulkhead]) {
    const work = vi.fn().mockResolvedValue('done')
    if (each !== bulkhead) work.mockRejectedValueOnce(unavailable)
    const calls = [1, 2, 3].map(() => each.exec(work, { signal }))
    await clock.advance(1_000)
    await Promise.all(calls)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  }
})

test('a dead callee costs few callers the timeout, and one that is back is called again', async () => {
  const { clock, breaker, all } = start({ attempts: 1, concurrency: 100 })
  const durations: number[] = []
  for (let call = 0; call < 5_000; call += 1) {
    const begin = clock.now()
    void errorOf(all.exec(hang)).then(() => durations.push(clock.now() - begin))
    await clock.advance(100)
  }
  await clock.advance(1_000)
  durations.sort((a, b) => a - b)
  expect(durations).toHaveLength(5_000)
  expect(durations[4_949]).toBe(0)
  expect(durations[4_999]).toBe(1_000)

  await clock.advance(60_000)
  for (let trial = 0; trial < 2; trial += 1) expect(await all.exec(() => 'done')).toBe('done')
  expect(breaker.state).toBe('closed')
})

test('parts that hide a callee that hangs from the breaker are refused', () => {
  const breaker = new CircuitBreaker('callee')
  const deadline = new Timeout(1_000)
  expect(() => policy({ deadline, breaker })).toThrow(RangeError)
  expect(() => policy({ deadline, breaker, timeout: new Timeout(1_000) })).toThrow(RangeError)
  expect(() => policy({})).toThrow(RangeError)
  expect(policy({ breaker })).toBe(breaker)
})
