import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { CircuitBreaker } from '../../../src/resilience/circuit-breaker.ts'
import {
  BulkheadFullError,
  CircuitOpenError,
  HttpStatusError,
} from '../../../src/resilience/errors.ts'
import { down, fail, startDueBreaker, succeed } from '../../support/breaker.ts'
import { errorOf, openCall } from '../../support/calls.ts'

test('a failed trial opens it anew, for the whole time', async () => {
  const { clock, breaker, changes } = await startDueBreaker()
  await breaker.exec(succeed)
  await errorOf(breaker.exec(fail))
  expect(breaker.state).toBe('open')
  await clock.advance(59_999)
  expect(await errorOf(breaker.exec(succeed))).toEqual(new CircuitOpenError('callee', 1))
  expect(changes.at(-1)).toBe('half-open > open')
})

test('no more trials at a time than allowed', async () => {
  const { breaker } = await startDueBreaker({ halfOpenMaxCalls: 2, successThreshold: 3 })
  const [first, second] = [openCall(), openCall()]
  const running = [breaker.exec(first.work), breaker.exec(second.work)]
  expect(await errorOf(breaker.exec(succeed))).toEqual(new CircuitOpenError('callee', 1_000))
  first.succeed('done')
  await running[0]
  expect(await breaker.exec(succeed)).toBe('done')
  second.succeed('done')
  await running[1]
  expect(breaker.state).toBe('closed')
})

// A breaker that keeps such a place is half-open for ever.
test.each<[string, (breaker: CircuitBreaker) => Promise<unknown>]>([
  ['succeeds', (breaker) => breaker.exec(succeed)],
  [
    'ends with an error that is no failure',
    (breaker) =>
      breaker.exec(() => {
        throw new HttpStatusError('GET http://a/', 404)
      }),
  ],
  [
    'never was sent',
    (breaker) =>
      breaker.exec(() => {
        throw new BulkheadFullError(1, 1)
      }),
  ],
  [
    'is aborted',
    (breaker) => {
      const controller = new AbortController()
      const call = breaker.exec(() => new Promise(() => {}), { signal: controller.signal })
      controller.abort()
      return call
    },
  ],
  ['was aborted before', (breaker) => breaker.exec(succeed, { signal: AbortSignal.abort() })],
])('a trial that %s gives its place back', async (_name, trial) => {
  const { breaker } = await startDueBreaker({ successThreshold: 3 })
  for (let i = 0; i < 3; i += 1) await trial(breaker).catch(() => {})
  for (let i = 0; i < 3; i += 1) if (breaker.state !== 'closed') await breaker.exec(succeed)
  expect(breaker.state).toBe('closed')
})

test.each<[string, () => Promise<never>]>([
  ['rejects', fail],
  [
    'throws',
    () => {
      throw down
    },
  ],
])(
  'a trial that %s gives its place back: the next one is due after the time',
  async (_name, trial) => {
    const { clock, breaker } = await startDueBreaker({ successThreshold: 1 })
    await errorOf(breaker.exec(trial))
    await clock.advance(60_000)
    expect(await breaker.exec(succeed)).toBe('done')
    expect(breaker.state).toBe('closed')
  },
)

test('a trial whose error isFailure cannot judge is a failure, and gives its place back', async () => {
  const isFailure = (error: unknown) => {
    if (error === down) return true
    throw new Error('what?')
  }
  const { clock, breaker } = await startDueBreaker({ isFailure, successThreshold: 1 })
  await errorOf(breaker.exec(() => Promise.reject('strange')))
  expect(breaker.state).toBe('open')
  await clock.advance(60_000)
  await breaker.exec(succeed)
  expect(breaker.state).toBe('closed')
})

test('a trial that never ends counts as failed in the end, and its late outcome no more', async () => {
  const { clock, breaker } = await startDueBreaker({ successThreshold: 1 })
  const hanging = openCall()
  const late = breaker.exec(hanging.work)
  await clock.advance(59_999)
  expect(await errorOf(breaker.exec(succeed))).toBeInstanceOf(CircuitOpenError)
  expect(breaker.state).toBe('half-open')
  await clock.advance(1)
  expect(await errorOf(breaker.exec(succeed))).toEqual(new CircuitOpenError('callee', 60_000))
  hanging.succeed('late')
  await late
  expect(breaker.state).toBe('open')
  await clock.advance(60_000)
  await breaker.exec(succeed)
  expect(breaker.state).toBe('closed')
})

test('a listener that throws, though it must not, leaves no trial behind', async () => {
  const { clock, breaker } = await startDueBreaker({ successThreshold: 1 })
  const end = breaker.onStateChange(() => {
    throw new Error('oops')
  })
  await breaker.exec(succeed).catch(() => {})
  end()
  await clock.advance(60_000)
  await setImmediate()
  expect(await breaker.exec(succeed)).toBe('done')
  expect(breaker.state).toBe('closed')
})
