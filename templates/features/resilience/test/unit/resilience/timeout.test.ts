import { expect, test } from 'vitest'
import { TimeoutError } from '../../../src/resilience/errors.ts'
import { Timeout } from '../../../src/resilience/timeout.ts'
import { errorOf } from '../../support/calls.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const never = () => new Promise<never>(() => {})

test('what ends in time is not disturbed, and leaves no timer', async () => {
  const clock = new FakeClock()
  const timeout = new Timeout(100, { clock })
  expect(await timeout.exec(async () => 'done')).toBe('done')
  const error = new Error('oops')
  expect(await errorOf(timeout.exec(() => Promise.reject(error)))).toBe(error)
  expect(clock.pending).toBe(0)
})

test('what takes longer is aborted, and not waited for if it ignores that', async () => {
  const clock = new FakeClock()
  let seen: AbortSignal | undefined
  const error = errorOf(
    new Timeout(100, { clock }).exec((signal) => {
      seen = signal
      return never()
    }),
  )
  await clock.advance(99)
  expect(seen?.aborted).toBe(false)
  await clock.advance(1)
  expect(await error).toEqual(new TimeoutError(100))
  expect(seen?.reason).toBeInstanceOf(TimeoutError)
})

test('an abort of the caller ends it with the reason of the caller', async () => {
  const clock = new FakeClock()
  const controller = new AbortController()
  const error = errorOf(new Timeout(100, { clock }).exec(never, { signal: controller.signal }))
  controller.abort('gone')
  expect(await error).toBe('gone')
  expect(clock.pending).toBe(0)
})

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%d ms make no sense', (ms) => {
  expect(() => new Timeout(ms)).toThrow(RangeError)
})
