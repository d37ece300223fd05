import { expect, test, vi } from 'vitest'
import {
  BulkheadFullError,
  CircuitOpenError,
  HttpStatusError,
} from '../../../src/resilience/errors.ts'
import { Retry, type RetryEvent, type RetryOptions } from '../../../src/resilience/retry.ts'
import { errorOf } from '../../support/calls.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const unavailable = new HttpStatusError('GET http://a/', 503)

function start(options: RetryOptions = {}) {
  const clock = new FakeClock()
  const events: RetryEvent[] = []
  const onEvent = (event: RetryEvent) => events.push(event)
  const retry = new Retry({ clock, random: () => 0.5, onEvent, ...options })
  return { clock, retry, events }
}

test('waits with jitter between attempts, until one succeeds', async () => {
  const { clock, retry, events } = start()
  const work = vi.fn().mockRejectedValueOnce(unavailable).mockRejectedValueOnce(unavailable)
  const call = retry.exec(work.mockResolvedValue('done'))
  await clock.advance(49)
  expect(work).toHaveBeenCalledTimes(1)
  await clock.advance(1)
  expect(work).toHaveBeenCalledTimes(2)
  await clock.advance(100)
  expect(await call).toBe('done')
  expect(events).toEqual([
    { kind: 'waiting', attempt: 1, delayMs: 50, error: unavailable },
    { kind: 'waiting', attempt: 2, delayMs: 100, error: unavailable },
    { kind: 'recovered', attempt: 3 },
  ])
})

test('gives up after the last attempt, with its error', async () => {
  const { clock, retry, events } = start({ attempts: 2 })
  const work = vi.fn().mockRejectedValue(unavailable)
  const error = errorOf(retry.exec(work))
  await clock.advance(60_000)
  expect(await error).toBe(unavailable)
  expect(work).toHaveBeenCalledTimes(2)
  expect(events.at(-1)).toEqual({ kind: 'exhausted', attempt: 2, error: unavailable })
})

test.each([
  ['a fault of the program', new Error('oops')],
  ['a 4xx', new HttpStatusError('GET http://a/', 404)],
  ['an open circuit', new CircuitOpenError('a', 10)],
  ['a full bulkhead', new BulkheadFullError(1, 1)],
])('%s is not retried', async (_name, error) => {
  const { retry, events } = start()
  const work = vi.fn().mockRejectedValue(error)
  expect(await errorOf(retry.exec(work))).toBe(error)
  expect(work).toHaveBeenCalledTimes(1)
  expect(events).toEqual([])
})

test('retryIf decides otherwise', async () => {
  const { clock, retry } = start({ retryIf: () => true })
  const work = vi.fn().mockRejectedValueOnce(new Error('oops')).mockResolvedValue('done')
  const call = retry.exec(work)
  await clock.advance(50)
  expect(await call).toBe('done')
})

test('what is not idempotent gets one attempt', async () => {
  const { retry } = start()
  const work = vi.fn().mockRejectedValue(unavailable)
  expect(await errorOf(retry.exec(work, { idempotent: false }))).toBe(unavailable)
  expect(work).toHaveBeenCalledTimes(1)
})

test('Retry-After is waited for, with jitter on top', async () => {
  const { clock, retry, events } = start({ maxRetryAfterMs: 3_000 })
  const busy = new HttpStatusError('GET http://a/', 429, 3_000)
  const work = vi.fn().mockRejectedValueOnce(busy).mockResolvedValue('done')
  const call = retry.exec(work)
  await clock.advance(3_049)
  expect(work).toHaveBeenCalledTimes(1)
  await clock.advance(1)
  expect(await call).toBe('done')
  expect(events[0]).toMatchObject({ delayMs: 3_050 })
})

test('a Retry-After above the cap ends the retries at once', async () => {
  const { retry, events } = start({ maxRetryAfterMs: 3_000 })
  const busy = new HttpStatusError('GET http://a/', 429, 3_001)
  expect(await errorOf(retry.exec(() => Promise.reject(busy)))).toBe(busy)
  expect(events).toEqual([{ kind: 'exhausted', attempt: 1, error: busy }])
})

test('an abort ends the wait at once and leaves no timer', async () => {
  const { clock, retry } = start()
  const controller = new AbortController()
  const work = vi.fn().mockRejectedValue(unavailable)
  const error = errorOf(retry.exec(work, { signal: controller.signal }))
  await clock.advance(10)
  expect(clock.pending).toBe(1)
  controller.abort('gone')
  expect(await error).toBe('gone')
  expect(clock.pending).toBe(0)
  expect(work).toHaveBeenCalledTimes(1)
})

test('an abort ends an attempt that ignores its signal, and makes no further one', async () => {
  const { retry } = start()
  const controller = new AbortController()
  const work = vi.fn(() => new Promise(() => {}))
  const error = errorOf(retry.exec(work, { signal: controller.signal }))
  controller.abort('gone')
  expect(await error).toBe('gone')
  expect(await errorOf(retry.exec(work, { signal: controller.signal }))).toBe('gone')
  expect(work).toHaveBeenCalledTimes(1)
})

test.each([
  { attempts: 0 },
  { attempts: 1.5 },
  { baseMs: -1 },
  { maxMs: Number.NaN },
  { maxMs: 2 ** 31 },
])('%j makes no sense', (options) => {
  expect(() => new Retry(options)).toThrow(RangeError)
})
