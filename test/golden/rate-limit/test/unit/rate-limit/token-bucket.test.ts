import { expect, test } from 'vitest'
import { MemoryLimiter } from '../../../src/rate-limit/memory-limiter.ts'
import { MicroClock, numbersFrom, rule, worstExcess } from '../../support/rate-limit.ts'

const perSecond = rule({ limit: 10, window: 1 })

function start() {
  const clock = new MicroClock()
  return { clock, limiter: new MemoryLimiter(1_000, clock.read) }
}

test('the whole limit is there at once, and then refuses', () => {
  const { limiter } = start()
  for (let left = 9; left >= 0; left -= 1) {
    expect(limiter.check('a', perSecond, 1)).toEqual({
      allowed: true,
      limit: 10,
      remaining: left,
      nextAfterMs: 100,
      resetAfterMs: (10 - left) * 100,
      retryAfterMs: 0,
    })
  }
  expect(limiter.check('a', perSecond, 1)).toEqual({
    allowed: false,
    limit: 10,
    remaining: 0,
    nextAfterMs: 100,
    resetAfterMs: 1_000,
    retryAfterMs: 100,
  })
})

test('retryAfterMs is exact: a microsecond earlier is refused', () => {
  const { clock, limiter } = start()
  const odd = rule({ limit: 7, window: 60 })
  for (let request = 0; request < 7; request += 1) limiter.check('a', odd, 1)
  const { retryAfterMs } = limiter.check('a', odd, 1)
  expect(retryAfterMs).toBe(8_571.429)
  clock.now += retryAfterMs * 1_000 - 1
  expect(limiter.check('a', odd, 1)).toMatchObject({ allowed: false, retryAfterMs: 0.001 })
  clock.now += 1
  expect(limiter.check('a', odd, 1).allowed).toBe(true)
})

test('a refused request uses nothing up', () => {
  const { clock, limiter } = start()
  for (let request = 0; request < 1_000; request += 1) limiter.check('a', perSecond, 1)
  clock.now += 100_000
  expect(limiter.check('a', perSecond, 1).allowed).toBe(true)
  expect(limiter.check('a', perSecond, 1).allowed).toBe(false)
})

test('a request of cost 4 uses up as much as four', () => {
  const { limiter } = start()
  expect(limiter.check('a', perSecond, 4).remaining).toBe(6)
  expect(limiter.check('a', perSecond, 4).remaining).toBe(2)
  expect(limiter.check('a', perSecond, 4)).toMatchObject({
    allowed: false,
    remaining: 2,
    retryAfterMs: 200,
  })
  expect(limiter.check('a', perSecond, 2).allowed).toBe(true)
})

test('nextAfterMs is exact: a microsecond earlier no unit more is left', () => {
  const { clock, limiter } = start()
  const odd = rule({ limit: 7, window: 60 })
  limiter.check('a', odd, 5)
  clock.now += 10_000_000
  const { remaining, nextAfterMs } = limiter.inspect('a', odd)
  expect({ remaining, nextAfterMs }).toEqual({ remaining: 3, nextAfterMs: 7_142.858 })
  clock.now += Math.round(nextAfterMs * 1_000) - 1
  expect(limiter.inspect('a', odd)).toMatchObject({ remaining: 3, nextAfterMs: 0.001 })
  clock.now += 1
  expect(limiter.inspect('a', odd).remaining).toBe(4)
  expect(limiter.inspect('b', odd).nextAfterMs).toBe(0)
})

test('a clock that steps back and forth lets no time leak twice', () => {
  const { clock, limiter } = start()
  limiter.check('a', perSecond, 9)
  clock.now -= 500_000
  expect(limiter.check('a', perSecond, 1).allowed).toBe(true)
  clock.now += 500_000
  expect(limiter.check('a', perSecond, 1).allowed).toBe(false)
  clock.now += 100_000
  expect(limiter.check('a', perSecond, 1).allowed).toBe(true)
})

test('a clock that goes back lets nothing leak', () => {
  const { clock, limiter } = start()
  for (let request = 0; request < 10; request += 1) limiter.check('a', perSecond, 1)
  clock.now -= 3_600_000_000
  expect(limiter.check('a', perSecond, 1).allowed).toBe(false)
})

const first = Number(process.env.SEED ?? Date.now() % 1_000_000)

test(`never more than the burst and the time × rate (SEED=${first})`, () => {
  for (let seed = first; seed < first + 100; seed += 1) {
    const below = numbersFrom(seed)
    const { clock, limiter } = start()
    const limited = rule({ limit: 1 + below(50), window: 1 + below(100) })
    const rate = limited.limit / (limited.window * 1_000)
    const samples = Array.from({ length: 150 }, () => {
      clock.now += below(3) === 0 ? below(2_000_000) : below(2_000)
      const { allowed } = limiter.check('a', limited, 1)
      return { begin: clock.now / 1_000, end: clock.now / 1_000, admitted: allowed }
    })
    const excess = worstExcess(samples, (ms) => limited.limit + ms * rate)
    expect(excess, `seed ${seed}`).toBeLessThanOrEqual(1e-9)
  }
})

test(`who keeps to the rate is never refused (SEED=${first})`, () => {
  for (let seed = first; seed < first + 100; seed += 1) {
    const below = numbersFrom(seed)
    const { clock, limiter } = start()
    const limited = rule({ limit: 1 + below(500), window: 1 + below(100) })
    const pause = Math.ceil(limited.windowUs / limited.limit)
    let refused = 0
    for (let request = 0; request < 1_000; request += 1) {
      if (!limiter.check('a', limited, 1).allowed) refused += 1
      clock.now += pause
    }
    expect(refused, `seed ${seed}`).toBe(0)
  }
})
