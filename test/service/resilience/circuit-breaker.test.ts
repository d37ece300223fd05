import { expect, test, vi } from 'vitest'
import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  CircuitOpenError,
} from '../../../src/resilience/circuit-breaker.ts'
import { HttpStatusError } from '../../../src/resilience/http-client.ts'
import { Bulkhead, BulkheadFullError, policy } from '../../../src/resilience/policy.ts'
import { errorOf, fail, hang, openCall, succeed, unavailable } from '../support/calls.ts'
import { advance, useFakeClock } from '../support/fake-clock.ts'

useFakeClock()

/** A breaker, and its changes of state. */
function start(options: CircuitBreakerOptions = {}) {
  const changes: string[] = []
  const breaker = new CircuitBreaker('callee', {
    onStateChange: (circuit, from, to) => changes.push(`${circuit}: ${from} > ${to}`),
    ...options,
  })
  return { breaker, changes }
}

/** A breaker whose circuit has been open for so long that the next call is a trial. */
async function startDue(options: CircuitBreakerOptions = {}) {
  const started = start({ failureThreshold: 1, ...options })
  await errorOf(started.breaker.execute(fail))
  await advance(60_000)
  return started
}

test('a success between failures starts the count anew', async () => {
  const { breaker } = start({ failureThreshold: 2 })
  for (const work of [fail, succeed, fail]) await breaker.execute(work).catch(() => {})
  expect(breaker.stats()).toMatchObject({ state: 'closed', failures: 1 })
  await errorOf(breaker.execute(fail))
  expect(breaker.stats().state).toBe('open')
})

test('an error of our own code does not start the count anew', async () => {
  const { breaker } = start({ failureThreshold: 2 })
  await errorOf(breaker.execute(fail))
  await errorOf(breaker.execute(() => Promise.reject(new TypeError('oops'))))
  await errorOf(breaker.execute(fail))
  expect(breaker.stats().state).toBe('open')
})

test('an answer of the callee starts the count anew, even a 404', async () => {
  const { breaker } = start({ failureThreshold: 2 })
  const notFound = () => Promise.reject(new HttpStatusError('GET http://callee/', 404))
  for (const work of [fail, notFound, fail]) await errorOf(breaker.execute(work))
  expect(breaker.stats().state).toBe('closed')
})

test('with its defaults it opens after five failures and closes after two trials', async () => {
  const { breaker, changes } = start()
  for (let call = 0; call < 5; call += 1) await errorOf(breaker.execute(fail))
  await advance(59_999)
  expect(await errorOf(breaker.execute(succeed))).toEqual(new CircuitOpenError('callee', 1))
  await advance(1)
  await breaker.execute(succeed)
  expect(breaker.stats().state).toBe('half-open')
  await breaker.execute(succeed)
  expect(changes).toEqual([
    'callee: closed > open',
    'callee: open > half-open',
    'callee: half-open > closed',
  ])
})

test('calls that began before the circuit opened change nothing later', async () => {
  const { breaker } = start({ failureThreshold: 1, successThreshold: 1 })
  const [slow, slower] = [openCall(), openCall()]
  const results = [breaker.execute(slow.work), errorOf(breaker.execute(slower.work))]
  await errorOf(breaker.execute(fail))
  slow.succeed()
  await results[0]
  expect(breaker.stats().state).toBe('open')
  await advance(60_000)
  await breaker.execute(succeed)
  slower.fail()
  await results[1]
  expect(breaker.stats().state).toBe('closed')
  expect(breaker.stats().totals).toEqual({ success: 2, failure: 2, ignored: 0, rejected: 0 })
})

test('reset closes the circuit and forgets calls that are still running', async () => {
  const { breaker, changes } = start({ failureThreshold: 2 })
  const call = openCall()
  const before = errorOf(breaker.execute(call.work))
  await errorOf(breaker.execute(fail))
  breaker.reset()
  call.fail()
  await before
  expect(breaker.stats().failures).toBe(0)
  for (let i = 0; i < 2; i += 1) await errorOf(breaker.execute(fail))
  breaker.reset()
  expect(await breaker.execute(succeed)).toBe('done')
  expect(changes).toEqual(['callee: closed > open', 'callee: open > closed'])
})

test('a failed trial opens the circuit for the whole time again', async () => {
  const { breaker, changes } = await startDue()
  await breaker.execute(succeed)
  expect(await errorOf(breaker.execute(fail))).toBe(unavailable)
  await advance(59_999)
  expect(await errorOf(breaker.execute(succeed))).toEqual(new CircuitOpenError('callee', 1))
  expect(changes.at(-1)).toBe('callee: half-open > open')
})

test('admits no more trials at a time than allowed', async () => {
  const { breaker } = await startDue({ halfOpenMaxCalls: 2, successThreshold: 3 })
  const [first, second] = [openCall(), openCall()]
  const running = [breaker.execute(first.work), breaker.execute(second.work)]
  expect(await errorOf(breaker.execute(succeed))).toEqual(new CircuitOpenError('callee', 1_000))
  first.succeed()
  await running[0]
  expect(await breaker.execute(succeed)).toBe('done')
  second.succeed()
  await running[1]
  expect(breaker.stats().state).toBe('closed')
})

// A breaker that loses the slot of such a trial stays half-open for ever.
test.each<[string, (breaker: CircuitBreaker) => Promise<unknown>]>([
  ['succeeds', (breaker) => breaker.execute(succeed)],
  ['was aborted before', (breaker) => breaker.execute(succeed, AbortSignal.abort())],
  [
    'ends with a 404',
    (breaker) =>
      breaker.execute(() => {
        throw new HttpStatusError('GET http://callee/', 404)
      }),
  ],
  [
    'ends with an error of our own code',
    (breaker) =>
      breaker.execute(() => {
        throw new TypeError('oops')
      }),
  ],
  ['was never sent', (breaker) => breaker.execute(() => Promise.reject(new BulkheadFullError()))],
  [
    'is aborted',
    (breaker) => {
      const controller = new AbortController()
      const call = breaker.execute(openCall().work, controller.signal)
      controller.abort()
      return call
    },
  ],
  [
    'is aborted and ignores it',
    (breaker) => {
      const controller = new AbortController()
      const { signal } = controller
      const call = policy({ timeoutMs: 100, breaker }).execute(hang, { signal })
      controller.abort()
      return call
    },
  ],
])('a trial that %s releases its slot', async (_name, trial) => {
  const { breaker } = await startDue({ successThreshold: 3 })
  for (let i = 0; i < 3; i += 1) await trial(breaker).catch(() => {})
  for (let i = 0; i < 3; i += 1) await breaker.execute(succeed)
  expect(breaker.stats().state).toBe('closed')
})

test.each<[string, () => Promise<never>]>([
  ['rejects', fail],
  [
    'throws',
    () => {
      throw unavailable
    },
  ],
])(
  'a trial that %s releases its slot: the next one is due after the time',
  async (_name, trial) => {
    const { breaker } = await startDue({ successThreshold: 1 })
    await errorOf(breaker.execute(trial))
    await advance(60_000)
    expect(await breaker.execute(succeed)).toBe('done')
    expect(breaker.stats().state).toBe('closed')
  },
)

test('a trial whose error isFailure fails to judge is a failure and releases its slot', async () => {
  const isFailure = (error: unknown) => {
    if (error === unavailable) return true
    throw new Error('what?')
  }
  const { breaker } = await startDue({ isFailure, successThreshold: 1 })
  await errorOf(breaker.execute(() => Promise.reject('strange')))
  expect(breaker.stats().state).toBe('open')
  await advance(60_000)
  await breaker.execute(succeed)
  expect(breaker.stats().state).toBe('closed')
})

test('a trial that never ends counts as failed in the end, and its late result does not count', async () => {
  const { breaker } = await startDue({ successThreshold: 1 })
  const hanging = openCall()
  const late = breaker.execute(hanging.work)
  await advance(59_999)
  expect(await errorOf(breaker.execute(succeed))).toBeInstanceOf(CircuitOpenError)
  expect(breaker.stats().state).toBe('half-open')
  await advance(1)
  expect(await errorOf(breaker.execute(succeed))).toEqual(new CircuitOpenError('callee', 60_000))
  hanging.succeed()
  await late
  expect(breaker.stats().state).toBe('open')
  await advance(60_000)
  await breaker.execute(succeed)
  expect(breaker.stats().state).toBe('closed')
})

test('a listener that throws, though it must not, keeps no slot', async () => {
  const onStateChange = vi.fn()
  const { breaker } = await startDue({ onStateChange, successThreshold: 1 })
  onStateChange.mockImplementationOnce(() => {
    throw new Error('oops')
  })
  await breaker.execute(succeed).catch(() => {})
  await advance(60_000)
  expect(await breaker.execute(succeed)).toBe('done')
  expect(breaker.stats().state).toBe('closed')
})

test('nobody queues behind the trial of a circuit', async () => {
  const { breaker } = await startDue()
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 1 })
  const all = policy({ timeoutMs: 1_000, breaker, bulkhead })
  const trial = openCall()
  const running = all.execute(trial.work)
  expect(await errorOf(all.execute(hang))).toBeInstanceOf(CircuitOpenError)
  trial.succeed()
  expect(await running).toBe('done')
})
