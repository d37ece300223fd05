import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import { CircuitBreaker, CircuitOpenError } from '../../../src/resilience/circuit-breaker.ts'
import { HttpStatusError } from '../../../src/resilience/http-client.ts'
import {
  Bulkhead,
  BulkheadFullError,
  policy,
  type RetryOptions,
  TimeoutError,
} from '../../../src/resilience/policy.ts'
import { randomFrom } from '../../support/random.ts'
import { errorOf, fail, hang, openCall, succeed, unavailable } from '../support/calls.ts'
import { advance, useFakeClock } from '../support/fake-clock.ts'

useFakeClock()

function start({ failureThreshold = 5, concurrency = 10, queue = 0, attempts = 3 } = {}) {
  const breaker = new CircuitBreaker('callee', { failureThreshold })
  const bulkhead = new Bulkhead({ concurrency, queue })
  const retry = { attempts }
  const all = policy({ timeoutMs: 1_000, totalTimeoutMs: 10_000, retry, breaker, bulkhead })
  return { breaker, bulkhead, all }
}

function retrying(retry: RetryOptions) {
  return policy({ timeoutMs: 1_000, retry })
}

test('does not disturb work that ends in time, and leaves no timer', async () => {
  const limited = policy({ timeoutMs: 100 })
  const error = new Error('oops')
  expect(await limited.execute(succeed)).toBe('done')
  expect(await errorOf(limited.execute(() => Promise.reject(error)))).toBe(error)
  const thrown = () => {
    throw error
  }
  expect(await errorOf(limited.execute(thrown))).toBe(error)
  expect(vi.getTimerCount()).toBe(0)
})

test('an abort of the caller ends the call with the reason of the caller', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const error = errorOf(policy({ timeoutMs: 100 }).execute(hang, { signal }))
  controller.abort('gone')
  expect(await error).toBe('gone')
  expect(vi.getTimerCount()).toBe(0)
  expect(await errorOf(policy({ timeoutMs: 100 }).execute(succeed, { signal }))).toBe('gone')
})

test('each attempt has its own timeout and counts for the circuit', async () => {
  const { breaker, all } = start()
  const work = vi.fn(hang)
  const error = errorOf(all.execute(work))
  await advance(1_050)
  expect(work).toHaveBeenCalledTimes(2)
  await advance(5_000)
  expect(await error).toEqual(new TimeoutError('No result within 1000 ms.'))
  expect(breaker.stats().totals.failure).toBe(3)
  expect(vi.getTimerCount()).toBe(0)
})

test('an open circuit ends the retries', async () => {
  const { all } = start({ failureThreshold: 2, concurrency: 1 })
  const work = vi.fn(fail)
  const error = errorOf(all.execute(work))
  await advance(5_000)
  expect(await error).toBeInstanceOf(CircuitOpenError)
  expect(work).toHaveBeenCalledTimes(2)
  expect(await errorOf(all.execute(work))).toBeInstanceOf(CircuitOpenError)
})

test('a full bulkhead rejects without a retry, and the callee is not blamed', async () => {
  const { breaker, all } = start({ concurrency: 1, failureThreshold: 1 })
  const call = openCall()
  const running = all.execute(call.work)
  expect(await errorOf(all.execute(hang))).toBeInstanceOf(BulkheadFullError)
  expect(breaker.stats().state).toBe('closed')
  call.succeed()
  expect(await running).toBe('done')
  expect(vi.getTimerCount()).toBe(0)
})

test('the place in the bulkhead is free while a retry waits', async () => {
  const { bulkhead, all } = start({ concurrency: 1 })
  const call = all.execute(vi.fn(succeed).mockImplementationOnce(fail))
  await advance(10)
  expect(await bulkhead.execute(succeed)).toBe('done')
  await advance(100)
  expect(await call).toBe('done')
})

test('time in the queue does not count against the callee', async () => {
  const { breaker, all } = start({ concurrency: 1, queue: 1, failureThreshold: 2, attempts: 1 })
  const first = errorOf(all.execute(hang))
  await advance(500)
  const second = all.execute(succeed)
  await advance(500)
  expect(await first).toBeInstanceOf(TimeoutError)
  expect(await second).toBe('done')
  expect(breaker.stats().state).toBe('closed')
})

test('the total timeout ends everything, also a wait in the queue', async () => {
  const { all } = start({ concurrency: 1, queue: 1 })
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 1 })
  void bulkhead.execute(hang)
  const queued = errorOf(policy({ timeoutMs: 100, totalTimeoutMs: 200, bulkhead }).execute(succeed))
  const retried = errorOf(all.execute(hang))
  await advance(200)
  expect(await queued).toEqual(new TimeoutError('No result within 200 ms.'))
  await advance(10_000)
  expect(await retried).toBeInstanceOf(TimeoutError)
  expect(vi.getTimerCount()).toBe(0)
})

test('a call that the total timeout ends does not count against the callee', async () => {
  const breaker = new CircuitBreaker('callee', { failureThreshold: 2 })
  const limits = { timeoutMs: 1_000, totalTimeoutMs: 1_500, retry: { baseMs: 0 } }
  const error = errorOf(policy({ ...limits, breaker }).execute(hang))
  await advance(1_500)
  expect(await error).toEqual(new TimeoutError('No result within 1500 ms.'))
  expect(breaker.stats().totals).toMatchObject({ failure: 1, ignored: 1 })
})

test('an abort of the caller reaches the work through all layers', async () => {
  const { breaker, bulkhead, all } = start({ failureThreshold: 1, concurrency: 1 })
  const controller = new AbortController()
  const call = openCall()
  const work = vi.fn(call.work)
  const error = errorOf(all.execute(work, { signal: controller.signal }))
  await advance(10)
  controller.abort('gone')
  expect(await error).toBe('gone')
  await advance(0)
  expect(work.mock.lastCall?.[0]?.reason).toBe('gone')
  expect(breaker.stats().state).toBe('closed')
  expect(await bulkhead.execute(succeed)).toBe('done')
  expect(vi.getTimerCount()).toBe(0)
})

test('a signal that outlives its calls collects no listeners', async () => {
  const { breaker, bulkhead, all } = start({ concurrency: 1, queue: 10 })
  const { signal } = new AbortController()
  const retry = {}
  const others = [
    policy({ timeoutMs: 100, retry, breaker }),
    policy({ timeoutMs: 100, retry, bulkhead }),
  ]
  for (const each of [all, ...others]) {
    const work = vi.fn(succeed).mockImplementationOnce(fail)
    const calls = [1, 2, 3].map(() => each.execute(work, { signal }))
    await advance(1_000)
    await Promise.all(calls)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  }
})

test('a dead callee costs few callers the timeout, and is called again once it recovers', async () => {
  const { breaker, all } = start({ attempts: 1, concurrency: 100 })
  const durations: number[] = []
  for (let call = 0; call < 5_000; call += 1) {
    const begin = performance.now()
    void errorOf(all.execute(hang)).then(() => durations.push(performance.now() - begin))
    await advance(100)
  }
  await advance(1_000)
  durations.sort((a, b) => a - b)
  expect(durations).toHaveLength(5_000)
  expect(durations[4_949]).toBe(0)
  expect(durations[4_999]).toBe(1_000)

  await advance(60_000)
  for (let trial = 0; trial < 2; trial += 1) expect(await all.execute(succeed)).toBe('done')
  expect(breaker.stats().state).toBe('closed')
})

test('retries wait with jitter', async () => {
  const work = vi.fn(succeed).mockImplementationOnce(fail).mockImplementationOnce(fail)
  const call = retrying({}).execute(work)
  await advance(49)
  expect(work).toHaveBeenCalledTimes(1)
  await advance(1)
  expect(work).toHaveBeenCalledTimes(2)
  await advance(100)
  expect(await call).toBe('done')
})

/** How long a policy with this retry waits after its first attempts, in milliseconds. */
async function waitsOf(retry: RetryOptions, count: number): Promise<number[]> {
  const times: number[] = []
  const work = () => {
    times.push(performance.now())
    return fail()
  }
  const ended = errorOf(retrying({ attempts: count + 1, ...retry }).execute(work))
  await advance(1_000_000)
  await ended
  return times.slice(1).map((time, index) => time - (times[index] ?? 0))
}

test('the longest wait doubles up to the limit', async () => {
  vi.mocked(Math.random).mockReturnValue(1)
  const waits = await waitsOf({ baseMs: 100, maxMs: 1_000 }, 6)
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000])
  expect(await waitsOf({ baseMs: 2 ** 1_000, maxMs: 1_000 }, 1)).toEqual([1_000])
})

test('the jitter is full: waits are spread evenly from nothing to the longest', async () => {
  vi.mocked(Math.random).mockImplementation(randomFrom(1))
  const waits = await waitsOf({ baseMs: 400, maxMs: 400 }, 2_000)
  for (const quarter of [0, 1, 2, 3]) {
    const share = waits.filter((ms) => Math.floor(ms / 100) === quarter).length / waits.length
    expect(share).toBeCloseTo(0.25, 1)
  }
})

test('retryIf decides otherwise', async () => {
  const oops = () => Promise.reject(new Error('oops'))
  const call = retrying({ retryIf: () => true }).execute(
    vi.fn(succeed).mockImplementationOnce(oops),
  )
  await advance(50)
  expect(await call).toBe('done')
})

test.each([
  ['an open circuit', new CircuitOpenError('callee', 10)],
  ['a full bulkhead', new BulkheadFullError()],
  ['a 4xx', new HttpStatusError('GET http://callee/', 404)],
])('%s is not retried', async (_name, error) => {
  const work = vi.fn(() => Promise.reject(error))
  expect(await errorOf(retrying({}).execute(work))).toBe(error)
  expect(work).toHaveBeenCalledTimes(1)
})

test('Retry-After is waited for, with the jitter on top', async () => {
  const busy = () => Promise.reject(new HttpStatusError('GET http://callee/', 429, 3_000))
  const work = vi.fn(succeed).mockImplementationOnce(busy)
  const call = retrying({ maxRetryAfterMs: 3_000 }).execute(work)
  await advance(3_049)
  expect(work).toHaveBeenCalledTimes(1)
  await advance(1)
  expect(await call).toBe('done')
})

test('an abort ends the wait for a retry at once and leaves no timer', async () => {
  const controller = new AbortController()
  const work = vi.fn(fail)
  const error = errorOf(retrying({}).execute(work, { signal: controller.signal }))
  await advance(10)
  expect(vi.getTimerCount()).toBe(1)
  controller.abort('gone')
  expect(await error).toBe('gone')
  expect(vi.getTimerCount()).toBe(0)
  expect(work).toHaveBeenCalledTimes(1)
})

test('an abort prevents further attempts, even of work that ignores it', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const work = vi.fn(hang)
  const error = errorOf(retrying({}).execute(work, { signal }))
  controller.abort(unavailable)
  expect(await error).toBe(unavailable)
  await advance(10_000)
  expect(work).toHaveBeenCalledTimes(1)
})
