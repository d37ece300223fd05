import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryLimiter } from '../../../src/rate-limit/limiter.ts'
import { FakeClock, numbersFrom, rule } from '../support/rate-limit.ts'
import { seed as firstSeed } from '../support/seed.ts'

const perSecond = rule({ algorithm: 'sliding-window', limit: 3 })

let clock: FakeClock
let limiter: ReturnType<typeof memoryLimiter>

beforeEach(() => {
  clock = new FakeClock()
  limiter = memoryLimiter()
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Three requests, 100 ms apart. */
function useUp(): void {
  for (let request = 0; request < 3; request += 1) {
    expect(limiter.check('a', perSecond, 1).allowed).toBe(true)
    clock.now += 100
  }
}

test('counts every request of the same moment', () => {
  const allowed = Array.from({ length: 9 }, () => limiter.check('a', perSecond, 1).allowed)
  expect(allowed.filter(Boolean)).toHaveLength(3)
})

test('forgets a request exactly one window later', () => {
  limiter.check('a', perSecond, 1)
  clock.now += 400
  limiter.check('a', perSecond, 2)
  expect(limiter.check('a', perSecond, 1)).toEqual({
    allowed: false,
    remaining: 0,
    nextAfterMs: 600,
    resetAfterMs: 1_000,
    retryAfterMs: 600,
  })
  clock.now += 599
  expect(limiter.check('a', perSecond, 1)).toMatchObject({ allowed: false, retryAfterMs: 1 })
  clock.now += 1
  expect(limiter.check('a', perSecond, 1)).toMatchObject({ allowed: true, remaining: 0 })
})

test('has one more unit left when the oldest leaves, or enough have left for a smaller limit', () => {
  expect(limiter.check('a', perSecond, 0).nextAfterMs).toBe(0)
  useUp()
  expect(limiter.check('a', perSecond, 0).nextAfterMs).toBe(700)
  const smaller = rule({ algorithm: 'sliding-window', limit: 1 })
  expect(limiter.check('a', smaller, 0)).toMatchObject({ nextAfterMs: 900, resetAfterMs: 900 })
})

test('makes an expensive request wait until enough has left', () => {
  useUp()
  expect(limiter.check('a', perSecond, 2).retryAfterMs).toBe(800)
  expect(limiter.check('a', perSecond, 3).retryAfterMs).toBe(900)
})

test('gives nobody more when the clock steps back', () => {
  limiter.check('a', perSecond, 3)
  clock.now -= 5_000
  expect(limiter.check('a', perSecond, 1).allowed).toBe(false)
})

test(`admits the limit in any window, no more and no less (TEST_SEED=${firstSeed})`, () => {
  for (let seed = firstSeed; seed < firstSeed + 30; seed += 1) {
    const below = numbersFrom(seed)
    const limit = 1 + below(20)
    const limited = rule({ algorithm: 'sliding-window', limit }, `seed ${seed}`)
    const admitted: number[] = []
    for (let request = 0; request < 300; request += 1) {
      clock.now += below(4) === 0 ? below(400) : below(3)
      const inWindow = admitted.filter((time) => time > clock.now - 1_000).length
      const { allowed, remaining } = limiter.check('a', limited, 1)
      expect(allowed, `seed ${seed}`).toBe(inWindow < limit)
      if (allowed) admitted.push(clock.now)
      expect(remaining, `seed ${seed}`).toBe(limit - inWindow - (allowed ? 1 : 0))
    }
  }
})
