import { expect, test } from 'vitest'
import { ServiceUnavailableError } from '../../../src/http/app-error.ts'
import { GuardedLimiter } from '../../../src/rate-limit/guarded-limiter.ts'
import type { Decision, Limiter } from '../../../src/rate-limit/limiter.ts'
import { MemoryLimiter } from '../../../src/rate-limit/memory-limiter.ts'
import { rule } from '../../support/rate-limit.ts'

const limited = rule({ limit: 2 })
const yes: Decision = {
  allowed: true,
  limit: 9,
  remaining: 8,
  nextAfterMs: 0,
  resetAfterMs: 0,
  retryAfterMs: 0,
}

/** A limiter over a store that works or not, as the test says. */
function start(standIn?: Limiter) {
  const story: string[] = []
  const state = { up: true, asked: 0, now: 0 }
  const answer = async <T>(value: T): Promise<T> => {
    state.asked += 1
    if (!state.up) throw new Error('gone')
    return value
  }
  const store: Limiter = {
    check: () => answer(yes),
    inspect: () => answer(yes),
    reset: () => answer(undefined),
  }
  const limiter = new GuardedLimiter(store, {
    standIn,
    now: () => state.now,
    onLost: (error) => story.push(String(error)),
    onBack: (judged) => story.push(`back, ${judged} judged without`),
  })
  return { limiter, state, story }
}

test('open: the stand-in decides while the store is away, and both ends are told once', async () => {
  const { limiter, state, story } = start(new MemoryLimiter(10))
  expect(await limiter.check('a', limited, 1)).toEqual(yes)
  state.up = false
  const decisions = []
  for (let request = 0; request < 3; request += 1) {
    decisions.push(await limiter.check('a', limited, 1))
  }
  expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, false])
  expect(story).toEqual(['Error: gone'])
  state.up = true
  state.now = 1_000
  expect(await limiter.check('a', limited, 1)).toEqual(yes)
  expect(story).toEqual(['Error: gone', 'back, 3 judged without'])
})

test('closed: a 503 that says when to come back and keeps the cause', async () => {
  const { limiter, state, story } = start()
  state.up = false
  const first = await Promise.resolve(limiter.check('a', limited, 1)).catch((error) => error)
  expect(first).toBeInstanceOf(ServiceUnavailableError)
  expect(first).toMatchObject({ headers: { 'retry-after': '1' }, cause: new Error('gone') })
  expect(() => limiter.check('a', limited, 1)).toThrow(ServiceUnavailableError)
  expect(() => limiter.inspect('a', limited)).toThrow(ServiceUnavailableError)
  expect(story).toHaveLength(1)
})

test('a dead store is asked once a second, by one request', async () => {
  const { limiter, state } = start(new MemoryLimiter(10))
  state.up = false
  await limiter.check('a', limited, 1)
  for (let request = 0; request < 100; request += 1) await limiter.check('a', limited, 1)
  expect(state.asked).toBe(1)
  state.now = 1_000
  await Promise.all(Array.from({ length: 100 }, () => limiter.check('a', limited, 1)))
  expect(state.asked).toBe(2)
  expect(limiter.check('a', limited, 1)).not.toBeInstanceOf(Promise)
})

test('many failures at once are one loss', async () => {
  const { limiter, state, story } = start(new MemoryLimiter(10))
  state.up = false
  await Promise.all(Array.from({ length: 20 }, () => limiter.check('a', limited, 1)))
  expect(state.asked).toBe(20)
  expect(story).toHaveLength(1)
})

test('answers that were under way at a loss or a return change nothing: one line each', async () => {
  const pending: ((how: 'well' | 'badly') => void)[] = []
  const check = () =>
    new Promise<Decision>((resolve, reject) => {
      pending.push((how) => (how === 'well' ? resolve(yes) : reject(new Error('gone'))))
    })
  const store = { check } as unknown as Limiter
  const story: string[] = []
  let now = 0
  const limiter = new GuardedLimiter(store, {
    standIn: new MemoryLimiter(10),
    now: () => now,
    onLost: () => story.push('lost'),
    onBack: () => story.push('back'),
  })
  const ask = async () => {
    await limiter.check('a', limited, 1)
  }
  const settled: Promise<void>[] = Array.from({ length: 6 }, ask)
  const answer = async (question: number, how: 'well' | 'badly') => {
    pending[question]?.(how)
    await settled[question]
  }
  await answer(0, 'badly')
  await answer(1, 'well')
  await answer(2, 'badly')
  await answer(3, 'well')
  expect(story).toEqual(['lost'])
  now = 1_000
  settled.push(ask())
  now = 2_000
  settled.push(ask())
  await answer(6, 'well')
  expect(story).toEqual(['lost', 'back'])
  await answer(4, 'badly')
  await answer(7, 'badly')
  await answer(5, 'well')
  expect(story).toEqual(['lost', 'back'])
})

test('a reset that the store does not hear fails', async () => {
  const { limiter, state } = start(new MemoryLimiter(10))
  await limiter.reset('a', limited)
  state.up = false
  await expect(limiter.reset('a', limited)).rejects.toThrow(ServiceUnavailableError)
})
