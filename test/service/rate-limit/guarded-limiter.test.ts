import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ServiceUnavailableError } from '../../../src/http/app-error.ts'
import {
  type Decision,
  guardedLimiter,
  type Limiter,
  memoryLimiter,
} from '../../../src/rate-limit/limiter.ts'
import { FakeClock, rule } from '../support/rate-limit.ts'

const limited = rule({ limit: 2 })
const yes: Decision = {
  allowed: true,
  remaining: 8,
  nextAfterMs: 0,
  resetAfterMs: 0,
  retryAfterMs: 0,
}

let clock: FakeClock

beforeEach(() => {
  clock = new FakeClock()
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** A limiter over a store that works or fails, as the test says. */
function start(fallback?: Limiter) {
  const story: string[] = []
  const state = { isUp: true, asked: 0 }
  const answer = async <T>(value: T): Promise<T> => {
    state.asked += 1
    if (!state.isUp) throw new Error('gone')
    return value
  }
  const store: Limiter = { check: () => answer(yes), reset: () => answer(undefined) }
  return { limiter: guardedLimiter(store, fallback, logTo(story)), state, story }
}

function logTo(story: string[]) {
  const write = (...args: unknown[]) => story.push(String(args.at(-1)))
  return { error: vi.fn(write), warn: vi.fn(write) } as unknown as Parameters<
    typeof guardedLimiter
  >[2]
}

test('open: the fallback decides while the store is away; loss and return are logged once', async () => {
  const { limiter, state, story } = start(memoryLimiter())
  expect(await limiter.check('a', limited, 1)).toEqual(yes)
  state.isUp = false
  const decisions: Decision[] = []
  for (let request = 0; request < 3; request += 1) {
    decisions.push(await limiter.check('a', limited, 1))
  }
  expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, false])
  expect(story).toEqual(['rate limit store lost'])
  state.isUp = true
  clock.now += 1_000
  expect(await limiter.check('a', limited, 1)).toEqual(yes)
  expect(story).toEqual(['rate limit store lost', 'rate limit store is back'])
})

test('closed: a 503 that says when to come back, and keeps the cause', async () => {
  const { limiter, state, story } = start()
  state.isUp = false
  const first = await Promise.resolve(limiter.check('a', limited, 1)).catch((error) => error)
  expect(first).toBeInstanceOf(ServiceUnavailableError)
  expect(first).toMatchObject({ headers: { 'retry-after': '1' }, cause: new Error('gone') })
  await expect(limiter.check('a', limited, 1)).rejects.toThrow(ServiceUnavailableError)
  await expect(limiter.check('a', limited, 0)).rejects.toThrow(ServiceUnavailableError)
  expect(story).toEqual(['rate limit store lost'])
})

test('a dead store is tried once a second, by one request', async () => {
  const { limiter, state } = start(memoryLimiter())
  state.isUp = false
  await limiter.check('a', limited, 1)
  for (let request = 0; request < 100; request += 1) await limiter.check('a', limited, 1)
  expect(state.asked).toBe(1)
  clock.now += 1_000
  await Promise.all(Array.from({ length: 100 }, () => limiter.check('a', limited, 1)))
  expect(state.asked).toBe(2)
})

test('many failures at once are one loss', async () => {
  const { limiter, state, story } = start(memoryLimiter())
  state.isUp = false
  await Promise.all(Array.from({ length: 20 }, () => limiter.check('a', limited, 1)))
  expect(state.asked).toBe(20)
  expect(story).toEqual(['rate limit store lost'])
})

test('late replies from before a loss are not a return, and late failures not another loss', async () => {
  const pending: ((how: 'well' | 'badly') => void)[] = []
  const check = () =>
    new Promise<Decision>((resolve, reject) => {
      pending.push((how) => (how === 'well' ? resolve(yes) : reject(new Error('gone'))))
    })
  const story: string[] = []
  const store: Limiter = { check, reset: async () => {} }
  const limiter = guardedLimiter(store, memoryLimiter(), logTo(story))
  const ask = async () => {
    await limiter.check('a', limited, 1)
  }
  const settled: Promise<void>[] = Array.from({ length: 5 }, ask)
  const answer = async (question: number, how: 'well' | 'badly') => {
    pending[question]?.(how)
    await settled[question]
  }
  await answer(0, 'badly')
  await answer(1, 'well')
  await answer(2, 'badly')
  await answer(3, 'well')
  expect(story).toEqual(['rate limit store lost'])
  clock.now += 1_000
  settled.push(ask())
  await answer(4, 'badly')
  expect(story).toEqual(['rate limit store lost'])
  await answer(5, 'well')
  expect(story).toEqual(['rate limit store lost', 'rate limit store is back'])
})

test('a reset that the store does not hear fails', async () => {
  const { limiter, state } = start(memoryLimiter())
  await limiter.reset('a', limited)
  state.isUp = false
  await expect(limiter.reset('a', limited)).rejects.toThrow(ServiceUnavailableError)
})
