import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/config/index.ts'
import { guardedLimiter, type Limiter, memoryLimiter } from '../../src/rate-limit/limiter.ts'
import { addressKey, clientOf, makeRules } from '../../src/rate-limit/rules.ts'

let clock = vi.spyOn(performance, 'now')

beforeEach(() => {
  clock = vi.spyOn(performance, 'now').mockReturnValue(0)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const rule = (algorithm: 'token-bucket' | 'sliding-window', limit: number) =>
  makeRules('test', { name: 'test', algorithm, limit, window: 60 }).usual

describe.each(['token-bucket', 'sliding-window'] as const)('%s', (algorithm) => {
  test('allows the limit at once, and refuses the next request', () => {
    const limiter = memoryLimiter()
    const three = rule(algorithm, 3)
    const decisions = [1, 2, 3, 4].map(() => limiter.check('a', three, 1))
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false])
    expect(decisions.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0])
  })

  test('allows a refused request exactly after retryAfterMs', () => {
    const limiter = memoryLimiter()
    const three = rule(algorithm, 3)
    limiter.check('a', three, 3)
    const { retryAfterMs } = limiter.check('a', three, 1)
    expect(retryAfterMs).toBe(algorithm === 'token-bucket' ? 20_000 : 60_000)
    clock.mockReturnValue(retryAfterMs - 1)
    expect(limiter.check('a', three, 1).allowed).toBe(false)
    clock.mockReturnValue(retryAfterMs)
    expect(limiter.check('a', three, 1).allowed).toBe(true)
  })

  test('counts each client by itself, until it is reset', () => {
    const limiter = memoryLimiter()
    const one = rule(algorithm, 1)
    limiter.check('a', one, 1)
    expect(limiter.check('b', one, 1).allowed).toBe(true)
    limiter.reset('a', one)
    expect(limiter.check('a', one, 1).allowed).toBe(true)
  })

  test('uses nothing with a cost of 0', () => {
    const limiter = memoryLimiter()
    const two = rule(algorithm, 2)
    limiter.check('a', two, 1)
    for (let look = 0; look < 5; look += 1) limiter.check('a', two, 0)
    expect(limiter.check('a', two, 1)).toMatchObject({ allowed: true, remaining: 0 })
  })
})

describe('while the store is away', () => {
  const two = rule('token-bucket', 2)
  const log = { error: vi.fn(), warn: vi.fn() }
  const decision = { allowed: true, remaining: 8, nextAfterMs: 0, resetAfterMs: 0, retryAfterMs: 0 }
  let store: { check: ReturnType<typeof vi.fn<Limiter['check']>>; reset: Limiter['reset'] }

  beforeEach(() => {
    vi.clearAllMocks()
    store = {
      check: vi.fn<Limiter['check']>().mockRejectedValue(new Error('gone')),
      reset: () => Promise.reject(new Error('gone')),
    }
  })

  test('open: the fallback decides, one request a second tries the store', async () => {
    const limiter = guardedLimiter(store, memoryLimiter(), log)
    const allowed: boolean[] = []
    for (let request = 0; request < 3; request += 1) {
      allowed.push((await limiter.check('a', two, 1)).allowed)
    }
    expect(allowed).toEqual([true, true, false])
    expect(store.check).toHaveBeenCalledTimes(1)
    expect(log.error).toHaveBeenCalledOnce()
    store.check.mockResolvedValue(decision)
    clock.mockReturnValue(1_000)
    expect(await limiter.check('a', two, 1)).toEqual(decision)
    expect(log.warn).toHaveBeenCalledOnce()
  })

  test('closed: requests are refused with a 503', async () => {
    const limiter = guardedLimiter(store, undefined, log)
    const unavailable = { status: 503, headers: { 'retry-after': '1' } }
    await expect(limiter.check('a', two, 1)).rejects.toMatchObject(unavailable)
    await expect(limiter.check('a', two, 1)).rejects.toMatchObject(unavailable)
    await expect(limiter.reset('a', two)).rejects.toMatchObject(unavailable)
  })
})

test.each([
  ['203.0.113.9', 'ip:203.0.113.9'],
  ['::ffff:203.0.113.9', 'ip:203.0.113.9'],
  ['203.0.113.9:4711', 'ip:203.0.113.9'],
  ['2001:0DB8:1:2::1', 'ip:2001:db8:1:2::/64'],
  ['[2001:db8:1:2::1]:4711', 'ip:2001:db8:1:2::/64'],
  ['somebody', 'ip:unknown'],
])('the address %s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key)
})

test.each([
  ['client', 'apikey:k1', 'gold'],
  ['user', 'user:ada', 'gold'],
  ['api-key', 'apikey:k1', 'gold'],
  ['ip', 'ip:192.0.2.1', undefined],
] as const)('a route that counts by %s counts an API key as %s', (kind, key, tier) => {
  const who = { kind: 'api-key', userId: 'ada', keyId: 'k1', tier: 'gold' } as const
  const identity = { ...who, roles: [], permissions: [] }
  expect(clientOf({ identity, ip: '192.0.2.1' }, kind)).toEqual(tier ? { key, tier } : { key })
})

test('RATE_LIMIT_DEFAULT_LIMIT=0 is refused', () => {
  expect(() => loadConfig({ RATE_LIMIT_DEFAULT_LIMIT: '0' })).toThrow('RATE_LIMIT_DEFAULT_LIMIT')
})
