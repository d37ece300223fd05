import { describe, expect, test } from 'vitest'
import { BoundedMap } from '../../../src/rate-limit/bounded-map.ts'
import { MemoryLimiter, processClock } from '../../../src/rate-limit/memory-limiter.ts'
import { MicroClock, rule } from '../../support/rate-limit.ts'

describe.each(['token-bucket', 'sliding-window'] as const)('%s in memory', (algorithm) => {
  const limited = rule({ algorithm, limit: 2 })
  const start = (keys = 100) => new MemoryLimiter(keys, new MicroClock().read)

  test('each client and each scope has a counter of its own', () => {
    const limiter = start()
    limiter.check('a', limited, 2)
    expect(limiter.check('a', limited, 1).allowed).toBe(false)
    expect(limiter.check('b', limited, 1).allowed).toBe(true)
    expect(limiter.check('a', rule({ algorithm, limit: 2, scope: 'other' }), 1).allowed).toBe(true)
  })

  test('inspect uses nothing up', () => {
    const limiter = start()
    limiter.check('a', limited, 1)
    for (let look = 0; look < 5; look += 1) {
      expect(limiter.inspect('a', limited)).toMatchObject({ allowed: true, remaining: 1 })
    }
    limiter.check('a', limited, 1)
    expect(limiter.inspect('a', limited)).toMatchObject({ allowed: false, remaining: 0 })
    expect(limiter.inspect('b', limited)).toMatchObject({ remaining: 2, resetAfterMs: 0 })
  })

  test('reset forgets one client', () => {
    const limiter = start()
    limiter.check('a', limited, 2)
    limiter.check('b', limited, 2)
    limiter.reset('a', limited)
    expect(limiter.check('a', limited, 1).allowed).toBe(true)
    expect(limiter.check('b', limited, 1).allowed).toBe(false)
  })

  test('a limit that becomes smaller holds for what was used up before', () => {
    const limiter = start()
    limiter.check('a', rule({ algorithm, limit: 10 }), 8)
    expect(limiter.check('a', rule({ algorithm, limit: 4 }), 1)).toMatchObject({
      allowed: false,
      remaining: 0,
    })
  })

  test('clients beyond RATE_LIMIT_MEMORY_KEYS push out those that are silent longest', () => {
    const limiter = start(10)
    for (const client of ['busy', 'silent']) limiter.check(client, limited, 2)
    for (let other = 0; other < 20; other += 1) {
      limiter.check(`other ${other}`, limited, 1)
      expect(limiter.check('busy', limited, 1).allowed).toBe(false)
    }
    expect(limiter.check('silent', limited, 1).allowed).toBe(true)
  })
})

test('a bounded map never has more than its entries', () => {
  const map = new BoundedMap<number>(10)
  for (let entry = 0; entry < 1_000; entry += 1) {
    map.set(String(entry), entry)
    expect(map.size).toBeLessThanOrEqual(10)
  }
  expect(map.get('999')).toBe(999)
  map.delete('999')
  expect(map.get('999')).toBeUndefined()
})

test('nor are its entries heavier, also where they grow', () => {
  const map = new BoundedMap<number[]>(100, (list) => list.length)
  const sum = (keys: readonly string[]) =>
    keys.reduce((total, key) => total + (map.get(key)?.length ?? 0), 0)
  const keys = Array.from({ length: 30 }, (_, key) => String(key))
  for (let round = 0; round < 20; round += 1) {
    for (const key of keys) {
      const known = map.get(key)
      const list = known ?? []
      list.push(round)
      map.set(key, list, known === undefined ? undefined : 1)
    }
  }
  expect(sum(keys)).toBeLessThanOrEqual(100)
  const heavy = Array<number>(500).fill(0)
  map.set('heavy', heavy)
  expect(map.get('heavy')).toBe(heavy)
  expect(map.size).toBeLessThan(20)
})

test('the units of sliding windows are bounded, not only their number', () => {
  const limiter = new MemoryLimiter(100, new MicroClock().read)
  const wide = rule({ algorithm: 'sliding-window', limit: 1_000 })
  const clients = Array.from({ length: 50 }, (_, client) => `client ${client}`)
  for (const client of clients) limiter.check(client, wide, 200)
  const used = clients.map((client) => 1_000 - limiter.inspect(client, wide).remaining)
  expect(used.at(-1)).toBe(200)
  expect(used.reduce((sum, units) => sum + units)).toBeLessThanOrEqual(100 * 20)
})

test('a client in a sliding window that goes on and on pushes nobody out for that', () => {
  const clock = new MicroClock()
  const limiter = new MemoryLimiter(10, clock.read)
  const window = rule({ algorithm: 'sliding-window', limit: 5 })
  const day = rule({ algorithm: 'sliding-window', limit: 2, window: 86_400 })
  limiter.check('silent', day, 2)
  for (let request = 0; request < 1_000; request += 1) {
    clock.now += 1_000_000
    limiter.check('busy', window, 1)
  }
  expect(limiter.check('silent', day, 1).allowed).toBe(false)
})

test('the clock of the process gives whole microseconds', () => {
  const begin = processClock()
  expect(Number.isSafeInteger(begin)).toBe(true)
  expect(processClock()).toBeGreaterThanOrEqual(begin)
})
