import timers from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CircuitBreaker, CircuitOpenError } from '../../../src/resilience/circuit-breaker.ts'
import { HttpStatusError } from '../../../src/resilience/http-client.ts'
import {
  Bulkhead,
  BulkheadFullError,
  policy,
  TimeoutError,
} from '../../../src/resilience/policy.ts'

const unavailable = new HttpStatusError('GET http://callee/', 503)
const hang = () => new Promise<never>(() => {})
const succeed = async () => 'done'
const failWith = (error: unknown) => () => Promise.reject(error)
const fail = failWith(unavailable)

/** How long the retries have waited, in milliseconds. */
let waits: unknown[]

beforeEach(() => {
  vi.useFakeTimers()
  waits = []
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  vi.spyOn(timers, 'setTimeout').mockImplementation(async (ms) => void waits.push(ms))
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (result) => expect.fail(`The call returned ${result}.`),
    (error) => error,
  )
}

test('returns the result of a call in time and leaves no timer behind', async () => {
  expect(await policy({ timeoutMs: 100, totalTimeoutMs: 500 }).execute(succeed)).toBe('done')
  expect(vi.getTimerCount()).toBe(0)
})

test('aborts a call that takes too long and stops waiting for it', async () => {
  const work = vi.fn<(signal: AbortSignal) => Promise<never>>(hang)
  const error = errorOf(policy({ timeoutMs: 100 }).execute(work))
  await vi.advanceTimersByTimeAsync(100)
  expect(await error).toBeInstanceOf(TimeoutError)
  expect(work.mock.lastCall?.[0].reason).toBe(await error)
})

test('retries transient failures, with random waits that grow, until a call succeeds', async () => {
  const work = vi.fn(succeed).mockImplementationOnce(fail).mockImplementationOnce(fail)
  const retrying = policy({ timeoutMs: 100, retry: { baseMs: 100 } })
  expect(await retrying.execute(work)).toBe('done')
  expect(waits).toEqual([50, 100])
})

test('throws the last error when all attempts have failed', async () => {
  const work = vi.fn(fail)
  const retrying = policy({ timeoutMs: 100, retry: { attempts: 3 } })
  expect(await errorOf(retrying.execute(work))).toBe(unavailable)
  expect(work).toHaveBeenCalledTimes(3)
})

test('waits as long as Retry-After asks, unless that is too long', async () => {
  const retrying = policy({ timeoutMs: 100, retry: { attempts: 2, maxRetryAfterMs: 3_000 } })
  const busy = (ms: number) => failWith(new HttpStatusError('GET http://callee/', 429, ms))
  await errorOf(retrying.execute(busy(3_000)))
  expect(waits).toEqual([3_050])
  await errorOf(retrying.execute(busy(3_001)))
  expect(waits).toEqual([3_050])
})

test.each([
  ['a 404', new HttpStatusError('GET http://callee/', 404), {}],
  ['an error of our own code', new TypeError('x is not a function'), {}],
  ['a call that is not idempotent', unavailable, { idempotent: false }],
])('does not retry %s', async (_name, error, options) => {
  const work = vi.fn(failWith(error))
  const retrying = policy({ timeoutMs: 100, retry: {} })
  expect(await errorOf(retrying.execute(work, options))).toBe(error)
  expect(work).toHaveBeenCalledTimes(1)
})

test('ends attempts and waits when the total time is up', async () => {
  vi.mocked(timers.setTimeout).mockRestore()
  const retry = { attempts: 100, baseMs: 3_600_000 }
  const error = errorOf(policy({ timeoutMs: 1_000, totalTimeoutMs: 2_000, retry }).execute(fail))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await error).toEqual(new TimeoutError('No result within 2000 ms.'))
})

test('refuses a total timeout that would hide a callee that hangs', () => {
  expect(() => policy({ timeoutMs: 1_000, totalTimeoutMs: 1_000 })).toThrow(RangeError)
})

test('opens the circuit after failures in a row and closes it after successful trials', async () => {
  const breaker = new CircuitBreaker('callee', { failureThreshold: 2, openTimeoutMs: 60_000 })
  const guarded = policy({ timeoutMs: 100, breaker })
  await errorOf(guarded.execute(fail))
  await guarded.execute(succeed)
  for (let call = 0; call < 2; call += 1) await errorOf(guarded.execute(fail))

  const work = vi.fn(succeed)
  await vi.advanceTimersByTimeAsync(45_000)
  expect(await errorOf(guarded.execute(work))).toMatchObject({ retryAfterMs: 15_000 })
  expect(work).not.toHaveBeenCalled()

  await vi.advanceTimersByTimeAsync(15_000)
  expect(await guarded.execute(work)).toBe('done')
  expect(breaker.stats().state).toBe('half-open')
  expect(await guarded.execute(work)).toBe('done')
  expect(breaker.stats().state).toBe('closed')
})

test('opens the circuit again when a trial fails', async () => {
  const breaker = new CircuitBreaker('callee', { failureThreshold: 1, openTimeoutMs: 60_000 })
  const guarded = policy({ timeoutMs: 100, breaker })
  await errorOf(guarded.execute(fail))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await errorOf(guarded.execute(fail))).toBe(unavailable)
  expect(await errorOf(guarded.execute(succeed))).toBeInstanceOf(CircuitOpenError)
})

test.each<[string, string, unknown]>([
  ['a 500', 'open', new HttpStatusError('GET http://callee/', 500)],
  ['a 408', 'open', new HttpStatusError('GET http://callee/', 408)],
  ['a 404', 'closed', new HttpStatusError('GET http://callee/', 404)],
  ['a 429', 'closed', new HttpStatusError('GET http://callee/', 429)],
  ['a network error', 'open', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['a timeout of another kind', 'open', new DOMException('', 'TimeoutError')],
  ['an error of our own code', 'closed', new TypeError('x is not a function')],
])('after five times %s the circuit is %s', async (_name, state, error) => {
  const breaker = new CircuitBreaker('callee', { failureThreshold: 5 })
  for (let call = 0; call < 5; call += 1) await errorOf(breaker.execute(failWith(error)))
  expect(breaker.stats().state).toBe(state)
})

test('a caller who gives up says nothing about the callee', async () => {
  const breaker = new CircuitBreaker('callee', { failureThreshold: 1 })
  const controller = new AbortController()
  const { signal } = controller
  const error = errorOf(policy({ timeoutMs: 100, breaker }).execute(hang, { signal }))
  const reason = new DOMException('', 'TimeoutError')
  controller.abort(reason)
  expect(await error).toBe(reason)
  expect(breaker.stats()).toMatchObject({ state: 'closed', totals: { ignored: 1, failure: 0 } })
})

test('runs a limited number of calls, queues some and rejects the rest', async () => {
  const limited = policy({
    timeoutMs: 100,
    bulkhead: new Bulkhead({ concurrency: 1, queue: 1 }),
  })
  const running = errorOf(limited.execute(hang))
  const queued = limited.execute(succeed)
  expect(await errorOf(limited.execute(succeed))).toBeInstanceOf(BulkheadFullError)
  await vi.advanceTimersByTimeAsync(100)
  expect(await running).toBeInstanceOf(TimeoutError)
  expect(await queued).toBe('done')
})
