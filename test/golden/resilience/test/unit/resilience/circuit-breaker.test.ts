import { expect, test } from 'vitest'
import { CircuitBreaker } from '../../../src/resilience/circuit-breaker.ts'
import type { StateChange } from '../../../src/resilience/circuit-state.ts'
import {
  BulkheadFullError,
  CircuitOpenError,
  HttpStatusError,
} from '../../../src/resilience/errors.ts'
import { down, fail, startBreaker, succeed } from '../../support/breaker.ts'
import { errorOf, openCall } from '../../support/calls.ts'

test('failures in a row open it; a success between them does not let them add up', async () => {
  const { breaker } = startBreaker({ failureThreshold: 2 })
  await errorOf(breaker.exec(fail))
  await breaker.exec(succeed)
  expect(await errorOf(breaker.exec(fail))).toBe(down)
  expect(breaker.state).toBe('closed')
  await errorOf(breaker.exec(fail))
  expect(breaker.state).toBe('open')
})

test('while it is open no call is made, and the error says for how long', async () => {
  const { clock, breaker } = startBreaker({ failureThreshold: 1 })
  await errorOf(breaker.exec(fail))
  await clock.advance(15_000)
  let calls = 0
  const error = await errorOf(
    breaker.exec(() => {
      calls += 1
    }),
  )
  expect(error).toEqual(new CircuitOpenError('callee', 45_000))
  expect(calls).toBe(0)
})

test('with its defaults it closes again after two successful trials', async () => {
  const { clock, breaker, changes } = startBreaker()
  for (let i = 0; i < 5; i += 1) await errorOf(breaker.exec(fail))
  await clock.advance(59_999)
  expect(await errorOf(breaker.exec(succeed))).toBeInstanceOf(CircuitOpenError)
  await clock.advance(1)
  expect(await breaker.exec(succeed)).toBe('done')
  expect(breaker.state).toBe('half-open')
  expect(await breaker.exec(succeed)).toBe('done')
  expect(changes).toEqual(['closed > open', 'open > half-open', 'half-open > closed'])
})

test('calls that began before it opened change nothing later', async () => {
  const { clock, breaker } = startBreaker({ failureThreshold: 1, successThreshold: 1 })
  const [slow, slower] = [openCall(), openCall()]
  const results = [breaker.exec(slow.work), errorOf(breaker.exec(slower.work))]
  await errorOf(breaker.exec(fail))
  slow.succeed('late')
  await results[0]
  expect(breaker.state).toBe('open')
  await clock.advance(60_000)
  await breaker.exec(succeed)
  slower.fail()
  await results[1]
  expect(breaker.state).toBe('closed')
  expect(breaker.stats().totals).toEqual({ success: 2, failure: 2, unknown: 0, rejected: 0 })
})

test.each([
  ['an answer that blames the caller', new HttpStatusError('GET http://a/', 404), 'closed'],
  ['too many requests', new HttpStatusError('GET http://a/', 429), 'closed'],
  ['a call that a bulkhead refused', new BulkheadFullError(1, 1), 'closed'],
  ['a 5xx', new HttpStatusError('GET http://a/', 500), 'open'],
  ['any other error', new Error('oops'), 'open'],
])('%s leaves it as it should', async (_name, error, state) => {
  const { breaker } = startBreaker({ failureThreshold: 1 })
  await errorOf(breaker.exec(() => Promise.reject(error)))
  expect(breaker.state).toBe(state)
})

test('callers who give up say nothing', async () => {
  const { breaker } = startBreaker({ failureThreshold: 1 })
  const controller = new AbortController()
  const error = errorOf(breaker.exec(() => new Promise(() => {}), { signal: controller.signal }))
  controller.abort('gone')
  expect(await error).toBe('gone')
  expect(breaker.stats()).toMatchObject({ state: 'closed', totals: { unknown: 1, failure: 0 } })
})

test('reset closes it, and forgets what was and still runs', async () => {
  const { breaker, changes } = startBreaker({ failureThreshold: 2 })
  const call = openCall()
  const before = errorOf(breaker.exec(call.work))
  await errorOf(breaker.exec(fail))
  breaker.reset()
  call.fail()
  await before
  expect(breaker.stats().failures).toBe(0)
  for (let i = 0; i < 2; i += 1) await errorOf(breaker.exec(fail))
  breaker.reset()
  expect(await breaker.exec(succeed)).toBe('done')
  expect(changes).toEqual(['closed > open', 'open > closed'])
})

test('wrap makes a function of the same arguments', async () => {
  const { breaker } = startBreaker({ failureThreshold: 1 })
  const divide = breaker.wrap((a: number, b: number) => {
    if (b === 0) throw new RangeError('by zero')
    return a / b
  })
  expect(await divide(6, 3)).toBe(2)
  await errorOf(divide(1, 0))
  expect(await errorOf(divide(6, 3))).toBeInstanceOf(CircuitOpenError)
})

test('who listens is told what changes, until they end it', async () => {
  const { breaker } = startBreaker({ failureThreshold: 1 })
  const seen: StateChange[] = []
  const end = breaker.onStateChange((change) => seen.push(change))
  await errorOf(breaker.exec(fail))
  end()
  breaker.reset()
  expect(seen).toEqual([{ circuit: 'callee', from: 'closed', to: 'open' }])
})

test.each([
  { failureThreshold: 0 },
  { openTimeoutMs: 0 },
  { halfOpenMaxCalls: 0.5 },
  { successThreshold: Number.NaN },
])('%j makes no sense', (options) => {
  expect(() => new CircuitBreaker('callee', options)).toThrow(RangeError)
})
