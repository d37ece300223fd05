import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryLimiter } from '../../../src/rate-limit/limiter.ts'
import { FakeClock, numbersFrom, rule, worstExcess } from '../support/rate-limit.ts'
import { seed as firstSeed } from '../support/seed.ts'

const perSecond = rule()
const odd = rule({ limit: 7, window: 60 })

let clock: FakeClock
let limiter: ReturnType<typeof memoryLimiter>

beforeEach(() => {
  clock = new FakeClock()
  limiter = memoryLimiter()
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('admits the whole limit at once, then refuses', () => {
  for (let left = 9; left >= 0; left -= 1) {
    expect(limiter.check('a', perSecond, 1)).toEqual({
      allowed: true,
      remaining: left,
      nextAfterMs: 100,
      resetAfterMs: (10 - left) * 100,
      retryAfterMs: 0,
    })
  }
  expect(limiter.check('a', perSecond, 1)).toEqual({
    allowed: false,
    remaining: 0,
    nextAfterMs: 100,
    resetAfterMs: 1_000,
    retryAfterMs: 100,
  })
})

test('retryAfterMs is exact: one millisecond earlier is refused', () => {
  for (let request = 0; request < 7; request += 1) limiter.check('a', odd, 1)
  const { retryAfterMs } = limiter.check('a', odd, 1)
  expect(retryAfterMs).toBe(8_572)
  clock.now += retryAfterMs - 1
  expect(limiter.check('a', odd, 1)).toMatchObject({ allowed: false, retryAfterMs: 1 })
  clock.now += 1
  expect(limiter.check('a', odd, 1).allowed).toBe(true)
})

test('a refused request uses nothing', () => {
  for (let request = 0; request < 1_000; request += 1) limiter.check('a', perSecond, 1)
  clock.now += 100
  expect(limiter.check('a', perSecond, 1).allowed).toBe(true)
  expect(limiter.check('a', perSecond, 1).allowed).toBe(false)
})

test('a request of cost 4 uses as much as four', () => {
  expect(limiter.check('a', perSecond, 4).remaining).toBe(6)
  expect(limiter.check('a', perSecond, 4).remaining).toBe(2)
  expect(limiter.check('a', perSecond, 4)).toMatchObject({
    allowed: false,
    remaining: 2,
    retryAfterMs: 200,
  })
  expect(limiter.check('a', perSecond, 2).allowed).toBe(true)
})

test('nextAfterMs is exact: one millisecond earlier no more is left', () => {
  limiter.check('a', odd, 5)
  clock.now += 10_000
  const { remaining, nextAfterMs } = limiter.check('a', odd, 0)
  expect({ remaining, nextAfterMs }).toEqual({ remaining: 3, nextAfterMs: 7_143 })
  clock.now += nextAfterMs - 1
  expect(limiter.check('a', odd, 0)).toMatchObject({ remaining: 3, nextAfterMs: 1 })
  clock.now += 1
  expect(limiter.check('a', odd, 0).remaining).toBe(4)
  expect(limiter.check('b', odd, 0).nextAfterMs).toBe(0)
})

test('no time leaks twice when the clock steps back and forth', () => {
  limiter.check('a', perSecond, 9)
  clock.now -= 500
  expect(limiter.check('a', perSecond, 1).allowed).toBe(true)
  clock.now += 500
  expect(limiter.check('a', perSecond, 1).allowed).toBe(false)
  clock.now += 100
  expect(limiter.check('a', perSecond, 1).allowed).toBe(true)
})

test('nothing leaks while the clock is behind', () => {
  for (let request = 0; request < 10; request += 1) limiter.check('a', perSecond, 1)
  clock.now -= 3_600_000
  expect(limiter.check('a', perSecond, 1).allowed).toBe(false)
})

test(`never admits more than the limit plus time × rate (TEST_SEED=${firstSeed})`, () => {
  for (let seed = firstSeed; seed < firstSeed + 100; seed += 1) {
    const below = numbersFrom(seed)
    const limited = rule({ limit: 1 + below(50), window: 1 + below(100) }, `seed ${seed}`)
    const rate = limited.limit / limited.windowMs
    const samples = Array.from({ length: 150 }, () => {
      clock.now += below(3) === 0 ? below(2_000) : below(3)
      const { allowed } = limiter.check('a', limited, 1)
      return { begin: clock.now, end: clock.now, admitted: allowed }
    })
    const excess = worstExcess(samples, (ms) => limited.limit + ms * rate)
    expect(excess, `seed ${seed}`).toBeLessThanOrEqual(1e-6)
  }
})

test(`never refuses a client that keeps to the rate (TEST_SEED=${firstSeed})`, () => {
  for (let seed = firstSeed; seed < firstSeed + 100; seed += 1) {
    const below = numbersFrom(seed)
    const limited = rule({ limit: 1 + below(500), window: 1 + below(100) }, `seed ${seed}`)
    const pause = Math.ceil(limited.windowMs / limited.limit)
    let refused = 0
    for (let request = 0; request < 1_000; request += 1) {
      if (!limiter.check('a', limited, 1).allowed) refused += 1
      clock.now += pause
    }
    expect(refused, `seed ${seed}`).toBe(0)
  }
})
