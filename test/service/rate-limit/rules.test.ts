import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/index.ts'
import type { Identity } from '../../../src/http/route-policy.ts'
import {
  addressKey,
  clientOf,
  limitOf,
  makeRules,
  parseKey,
  tierFactors,
} from '../../../src/rate-limit/rules.ts'
import { rule } from '../support/rate-limit.ts'

const settings = (env: Record<string, string> = {}) => loadConfig(env).rateLimit

describe('a rule', () => {
  test.each([
    [{ limit: 0 }, 'the limit must be a whole number from 1'],
    [{ limit: 1.5 }, 'the limit must be a whole number'],
    [{ limit: Number.NaN }, 'the limit must be a whole number'],
    [{ window: 0 }, 'the window in milliseconds must be a whole number from 1'],
    [{ window: Number.NaN }, 'the window in milliseconds'],
    [{ window: 40_000_000 }, 'the window in milliseconds'],
    [{ limit: 1_000_000_000, window: 86_400 }, 'from 1 to 104249991, not 1000000000'],
    [{ cost: 0 }, 'the cost must be a whole number from 1'],
    [{ cost: 1.5 }, 'the cost must be a whole number'],
    [{ cost: 11 }, 'the limit must be a whole number from 11'],
    [{ cost: 5, tiers: { free: 4 } }, 'the limit must be a whole number from 5'],
  ])('of %j is refused', (limit, message) => {
    expect(() => rule(limit)).toThrow(message)
  })

  test('announces its window in whole seconds', () => {
    expect(rule({ limit: 100, window: 60 }).policy).toBe('"test";q=100;w=60')
    expect(rule({ limit: 5, window: 0.2 }).policy).toBe('"test";q=5;w=1')
  })
})

describe('the limit of a route', () => {
  const standard = settings({ RATE_LIMIT_DEFAULT_LIMIT: '7' })

  test('is the configured one by default', () => {
    expect(limitOf(standard)).toEqual({ name: 'default', limit: 7, window: 60 })
    expect(limitOf(standard, 'standard')).toEqual(limitOf(standard))
  })

  test('is that of the preset it names', () => {
    expect(limitOf(standard, 'strict')).toMatchObject({ limit: 10, window: 60 })
    expect(limitOf(standard, 'user')).toMatchObject({ limit: 50, window: 60, key: 'user' })
  })

  test('is what it declares in numbers; false is none', () => {
    const limit = { limit: 3, window: 5, cost: 2 }
    expect(limitOf(standard, limit)).toEqual({ name: 'route', ...limit })
    expect(limitOf(standard, false)).toBeUndefined()
  })
})

describe('tiers', () => {
  const limit = { name: 'default', limit: 100, window: 60 }
  const limitsOf = (declared = {}, factors = tierFactors) => {
    const { byTier, usual } = makeRules('GET /', { ...limit, ...declared }, factors)
    return (tier?: string) => (byTier.get(tier) ?? usual).limit
  }

  test('multiply the limit by their factors', () => {
    const of = limitsOf()
    const limits = ['free', 'standard', 'premium', 'unheard-of', undefined].map((tier) => of(tier))
    expect(limits).toEqual([100, 200, 1_000, 100, 100])
  })

  test('share a counter', () => {
    const { byTier, usual } = makeRules('GET /', limit)
    expect(byTier.get('premium')?.counterPrefix).toBe(usual.counterPrefix)
  })

  test('have the limits that the route gives them', () => {
    const of = limitsOf({ tiers: { premium: 7 } })
    expect([of('premium'), of('standard')]).toEqual([7, 200])
  })

  test.each([1e11, Number.MAX_VALUE])('with the factor %s have what can be counted', (vip) => {
    expect(limitsOf({}, { vip })('vip')).toBe(150_119_987_579)
  })

  test('can afford one request, however small their share', () => {
    expect(limitsOf({ cost: 5 }, { free: 0.001 })('free')).toBe(5)
  })
})

describe('the configuration', () => {
  test('limits by default, but not in tests', () => {
    expect(settings()).toMatchObject({ enabled: true, mode: 'enforce', limit: 100, window: 60 })
    expect(settings({ NODE_ENV: 'test' }).enabled).toBe(false)
  })

  test('accepts nothing that a start refuses', () => {
    const env = { RATE_LIMIT_DEFAULT_LIMIT: '1000000000', RATE_LIMIT_DEFAULT_WINDOW: '3600' }
    const { limit, window } = settings(env)
    const rules = makeRules('GET /', { name: 'default', limit, window }, { a: 0, b: 1e9 })
    expect([rules.byTier.get('a')?.limit, rules.byTier.get('b')?.limit]).toEqual([1, 2_501_999_792])
    const { addressLimit } = settings({ RATE_LIMIT_ADDRESS_LIMIT: '1000000000' })
    expect(rule({ limit: addressLimit, window: 60 }).limit).toBe(1_000_000_000)
  })

  test.each([
    ['RATE_LIMIT_ENABLED', 'maybe'],
    ['RATE_LIMIT_MODE', 'loud'],
    ['RATE_LIMIT_DEFAULT_LIMIT', '0'],
    ['RATE_LIMIT_DEFAULT_LIMIT', '1000000001'],
    ['RATE_LIMIT_DEFAULT_WINDOW', '0'],
    ['RATE_LIMIT_DEFAULT_WINDOW', '3601'],
    ['RATE_LIMIT_ADDRESS_LIMIT', '-1'],
    ['RATE_LIMIT_ADDRESS_LIMIT', '1000000001'],
    ['RATE_LIMIT_ON_STORE_ERROR', 'ignore'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name)
  })
})

describe('the key of a client', () => {
  test.each([
    ['203.0.113.9', 'ip:203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', 'ip:2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::1', 'ip:2001:db8:1:2::/64'],
    ['2001:db8::1', 'ip:2001:db8:0:0::/64'],
    ['1::2:3:4:5:1.2.3.4', 'ip:1:0:2:3::/64'],
    ['1:2::', 'ip:1:2:0:0::/64'],
    ['::', 'ip:0:0:0:0::/64'],
    ['::1', 'ip:0:0:0:0::/64'],
    ['fe80::1%eth0', 'ip:fe80:0:0:0::/64'],
    ['::ffff:203.0.113.9', 'ip:203.0.113.9'],
    ['203.0.113.9:4711', 'ip:203.0.113.9'],
    ['[2001:db8:1:2::1]:4711', 'ip:2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]', 'ip:2001:db8:1:2::/64'],
    ['[::ffff:203.0.113.9]:4711', 'ip:203.0.113.9'],
    ['somebody', 'ip:unknown'],
    ['somebody:4711', 'ip:unknown'],
    ['203.0.113:4711', 'ip:unknown'],
    ['[somebody]:4711', 'ip:unknown'],
    ['', 'ip:unknown'],
    [undefined, 'ip:unknown'],
  ])('at the address %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })

  test.each([
    ['ip:2001:DB8::1', 'ip:2001:db8:0:0::/64'],
    ['ip:2001:db8::/64', 'ip:2001:db8:0:0::/64'],
    ['ip:::ffff:203.0.113.9', 'ip:203.0.113.9'],
    ['ip:203.0.113.9', 'ip:203.0.113.9'],
    ['ip:unknown', 'ip:unknown'],
    ['user:2001:db8::1', 'user:2001:db8::1'],
  ])('that an operator calls %s is %s', (name, key) => {
    expect(parseKey(name)).toBe(key)
  })

  const user: Identity = { kind: 'user', userId: '7', roles: [], permissions: [], tier: 'free' }
  const apiKey: Identity = { ...user, kind: 'api-key', keyId: 'k1' }

  test.each([
    ['nobody', null, ['ip:192.0.2.1', 'ip:192.0.2.1', 'ip:192.0.2.1', 'ip:192.0.2.1']],
    ['a user', user, ['user:7', 'ip:192.0.2.1', 'user:7', 'ip:192.0.2.1']],
    ['an API key', apiKey, ['apikey:k1', 'ip:192.0.2.1', 'user:7', 'apikey:k1']],
  ])('that %s sends depends on the route', (_, identity, keys) => {
    const kinds = ['client', 'ip', 'user', 'api-key'] as const
    const clients = kinds.map((kind) => clientOf({ identity, ip: '192.0.2.1' }, kind))
    expect(clients.map(({ key }) => key)).toEqual(keys)
    for (const { key, tier } of clients)
      expect(tier).toBe(key.startsWith('ip:') ? undefined : 'free')
  })
})
