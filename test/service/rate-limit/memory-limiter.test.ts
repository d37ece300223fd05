import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { memoryLimiter } from '../../../src/rate-limit/limiter.ts'
import { FakeClock, rule } from '../support/rate-limit.ts'

let clock: FakeClock

beforeEach(() => {
  clock = new FakeClock()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(['token-bucket', 'sliding-window'] as const)('%s in memory', (algorithm) => {
  const limited = rule({ algorithm, limit: 2 })

  test('counts each client and each scope by itself', () => {
    const limiter = memoryLimiter()
    limiter.check('a', limited, 2)
    expect(limiter.check('a', limited, 1).allowed).toBe(false)
    expect(limiter.check('b', limited, 1).allowed).toBe(true)
    expect(limiter.check('a', rule({ algorithm, limit: 2 }, 'other'), 1).allowed).toBe(true)
  })

  test('a cost of 0 uses nothing, and tells what is left', () => {
    const limiter = memoryLimiter()
    limiter.check('a', limited, 1)
    for (let look = 0; look < 5; look += 1) {
      expect(limiter.check('a', limited, 0)).toMatchObject({ remaining: 1 })
    }
    limiter.check('a', limited, 1)
    expect(limiter.check('a', limited, 0)).toMatchObject({ remaining: 0 })
    expect(limiter.check('b', limited, 0)).toMatchObject({ remaining: 2, resetAfterMs: 0 })
  })

  test('reset forgets one client', () => {
    const limiter = memoryLimiter()
    limiter.check('a', limited, 2)
    limiter.check('b', limited, 2)
    limiter.reset('a', limited)
    expect(limiter.check('a', limited, 1).allowed).toBe(true)
    expect(limiter.check('b', limited, 1).allowed).toBe(false)
  })

  test('a limit that becomes smaller holds for what was used before', () => {
    const limiter = memoryLimiter()
    limiter.check('a', rule({ algorithm, limit: 10 }), 8)
    const decision = limiter.check('a', rule({ algorithm, limit: 4 }), 1)
    expect(decision).toMatchObject({ allowed: false, remaining: 0 })
  })

  test('drops the counters that were used least recently', () => {
    const limiter = memoryLimiter(10)
    for (const client of ['busy', 'silent']) limiter.check(client, limited, 2)
    for (let other = 0; other < 20; other += 1) {
      limiter.check(`other ${other}`, limited, 1)
      expect(limiter.check('busy', limited, 1).allowed).toBe(false)
    }
    expect(limiter.check('silent', limited, 1).allowed).toBe(true)
  })
})

test('bounds the units of sliding windows, not only their number', () => {
  const limiter = memoryLimiter(100)
  const wide = rule({ algorithm: 'sliding-window', limit: 1_000 })
  const clients = Array.from({ length: 50 }, (_, client) => `client ${client}`)
  for (const client of clients) limiter.check(client, wide, 200)
  const used = clients.map((client) => 1_000 - limiter.check(client, wide, 0).remaining)
  expect(used.at(-1)).toBe(200)
  expect(used.reduce((sum, units) => sum + units)).toBeLessThanOrEqual(100 * 20)
})

test('keeps the heaviest window that a rule may have', () => {
  const limiter = memoryLimiter()
  const heaviest = rule({ algorithm: 'sliding-window', limit: 100_000 })
  expect(limiter.check('a', heaviest, 100_000).allowed).toBe(true)
  expect(limiter.check('a', heaviest, 1).allowed).toBe(false)
  expect(() => rule({ algorithm: 'sliding-window', limit: 100_001 })).toThrow('1 to 100000')
})

test('a busy sliding window pushes out nobody else', () => {
  const limiter = memoryLimiter(10)
  const window = rule({ algorithm: 'sliding-window', limit: 5 })
  const day = rule({ algorithm: 'sliding-window', limit: 2, window: 86_400 })
  limiter.check('silent', day, 2)
  for (let request = 0; request < 1_000; request += 1) {
    clock.now += 1_000
    limiter.check('busy', window, 1)
  }
  expect(limiter.check('silent', day, 1).allowed).toBe(false)
})
