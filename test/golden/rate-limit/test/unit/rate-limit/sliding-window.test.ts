import { expect, test } from 'vitest'
import { MemoryLimiter } from '../../../src/rate-limit/memory-limiter.ts'
import { MicroClock, numbersFrom, rule } from '../../support/rate-limit.ts'

const perSecond = rule({ algorithm: 'sliding-window', limit: 3, window: 1 })

function start() {
  const clock = new MicroClock()
  return { clock, limiter: new MemoryLimiter(1_000, clock.read) }
}

test('requests of the same moment all count', () => {
  const { limiter } = start()
  const allowed = Array.from({ length: 9 }, () => limiter.check('a', perSecond, 1).allowed)
  expect(allowed.filter(Boolean)).toHaveLength(3)
})

test('a request is forgotten exactly a window later', () => {
  const { clock, limiter } = start()
  limiter.check('a', perSecond, 1)
  clock.now += 400_000
  limiter.check('a', perSecond, 2)
  expect(limiter.check('a', perSecond, 1)).toEqual({
    allowed: false,
    limit: 3,
    remaining: 0,
    nextAfterMs: 600,
    resetAfterMs: 1_000,
    retryAfterMs: 600,
  })
  clock.now += 599_999
  expect(limiter.check('a', perSecond, 1)).toMatchObject({ allowed: false, retryAfterMs: 0.001 })
  clock.now += 1
  expect(limiter.check('a', perSecond, 1)).toMatchObject({ allowed: true, remaining: 0 })
})

test('a unit more is there when the oldest leaves, with a smaller limit when enough have left', () => {
  const { clock, limiter } = start()
  expect(limiter.inspect('a', perSecond).nextAfterMs).toBe(0)
  for (const pause of [100_000, 100_000, 100_000]) {
    expect(limiter.check('a', perSecond, 1)).toMatchObject({ allowed: true })
    clock.now += pause
  }
  expect(limiter.inspect('a', perSecond).nextAfterMs).toBe(700)
  const smaller = rule({ algorithm: 'sliding-window', limit: 1, window: 1 })
  expect(limiter.inspect('a', smaller).nextAfterMs).toBe(900)
})

test('a dear request waits until enough has left', () => {
  const { clock, limiter } = start()
  for (const pause of [100_000, 100_000, 100_000]) {
    limiter.check('a', perSecond, 1)
    clock.now += pause
  }
  expect(limiter.check('a', perSecond, 2).retryAfterMs).toBe(800)
  expect(limiter.check('a', perSecond, 3).retryAfterMs).toBe(900)
})

test('where the clock goes back, nobody gets more', () => {
  const { clock, limiter } = start()
  limiter.check('a', perSecond, 3)
  clock.now -= 5_000_000
  expect(limiter.check('a', perSecond, 1).allowed).toBe(false)
})

const first = Number(process.env.SEED ?? Date.now() % 1_000_000)

test(`never more than the limit in any window, and never less than that (SEED=${first})`, () => {
  for (let seed = first; seed < first + 30; seed += 1) {
    const below = numbersFrom(seed)
    const { clock, limiter } = start()
    const limited = rule({ algorithm: 'sliding-window', limit: 1 + below(20), window: 1 })
    const admitted: number[] = []
    for (let request = 0; request < 300; request += 1) {
      clock.now += below(4) === 0 ? below(400_000) : below(2_000)
      const inWindow = admitted.filter((time) => time > clock.now - 1_000_000).length
      const { allowed, remaining } = limiter.check('a', limited, 1)
      expect(allowed, `seed ${seed}`).toBe(inWindow < limited.limit)
      if (allowed) admitted.push(clock.now)
      expect(remaining, `seed ${seed}`).toBe(limited.limit - inWindow - (allowed ? 1 : 0))
    }
  }
})
