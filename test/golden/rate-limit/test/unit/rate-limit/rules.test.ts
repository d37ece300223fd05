import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/index.ts'
import { pathMatcher } from '../../../src/rate-limit/paths.ts'
import { limitOf, presetsOf } from '../../../src/rate-limit/presets.ts'
import { parseTiers, RouteRules } from '../../../src/rate-limit/route-rules.ts'
import { rule } from '../../support/rate-limit.ts'

const settings = (env: Record<string, string> = {}) => loadConfig(env).rateLimit

describe('a rule', () => {
  test.each([
    [{ limit: 0 }, 'at least 1'],
    [{ limit: 1.5 }, 'whole number'],
    [{ window: 0 }, 'a millisecond to a year'],
    [{ window: Number.NaN }, 'a millisecond to a year'],
    [{ window: 40_000_000 }, 'a millisecond to a year'],
    [{ limit: 1_000_000, window: 86_400 }, 'too large'],
  ])('of %j is refused', (init, message) => {
    expect(() => rule(init)).toThrow(message)
  })

  test('says what it allows in whole seconds', () => {
    expect(rule({ name: 'default', limit: 100, window: 60 }).policy).toBe('"default";q=100;w=60')
    expect(rule({ limit: 5, window: 0.2 }).policy).toBe('"test";q=5;w=1')
  })
})

describe('presets', () => {
  const presets = presetsOf(settings({ RATE_LIMIT_DEFAULT_LIMIT: '7' }))

  test('standard is what is configured, and the limit of routes that say nothing', () => {
    expect(limitOf('standard', presets)).toEqual({ name: 'default', limit: 7, window: 60 })
    expect(limitOf(undefined, presets)).toEqual(limitOf('standard', presets))
  })

  test('strict and user have numbers of their own', () => {
    expect(limitOf('strict', presets)).toMatchObject({ limit: 10, window: 60 })
    expect(limitOf('user', presets)).toMatchObject({ limit: 50, window: 60, key: 'user' })
  })

  test('numbers are taken as they are, and false is no limit', () => {
    const limit = { limit: 3, window: 5, cost: 2 }
    expect(limitOf(limit, presets)).toEqual({ name: 'route', ...limit })
    expect(limitOf(false, presets)).toBeUndefined()
  })
})

describe('tiers', () => {
  const tiers = parseTiers(settings().tiers)
  const limit = { name: 'default', limit: 100, window: 60 }

  test('free, standard and premium callers get 1, 2 and 10 times the usual limit', () => {
    const rules = new RouteRules('GET /', limit, 'token-bucket', tiers)
    const limits = ['free', 'standard', 'premium', 'unheard-of', undefined].map(
      (tier) => rules.of(tier).limit,
    )
    expect(limits).toEqual([100, 200, 1_000, 100, 100])
    expect(new Set(['free', 'premium'].map((tier) => rules.of(tier).id)).size).toBe(1)
  })

  test('a route may say what a tier gets', () => {
    const rules = new RouteRules(
      'GET /',
      { ...limit, tiers: { premium: 7 } },
      'token-bucket',
      tiers,
    )
    expect([rules.of('premium').limit, rules.of('standard').limit]).toEqual([7, 200])
  })

  test('a tier too large for a route is refused by the name of the setting', () => {
    const large = parseTiers(['vip=1000000'])
    const make = (tiers?: Record<string, number>) =>
      new RouteRules(
        'GET /',
        { ...limit, window: 3_600, ...(tiers && { tiers }) },
        'token-bucket',
        large,
      )
    expect(() => make()).toThrow('RATE_LIMIT_TIERS: 1000000 times 100 in 3600 s, for the tier vip')
    expect(make({ vip: 7 }).of('vip').limit).toBe(7)
  })

  test('however small the share of a tier, one request fits', () => {
    const small = parseTiers(['free=0.001'])
    const rules = new RouteRules('GET /', { ...limit, cost: 5 }, 'token-bucket', small)
    expect(rules.of('free').limit).toBe(5)
  })

  test.each([0, 1.5, 101])('a cost of %s is refused', (cost) => {
    const make = () => new RouteRules('GET /', { ...limit, cost }, 'token-bucket', tiers)
    expect(make).toThrow('GET /: a cost must be')
  })
})

test('a path is exempt with everything below it, and nothing beside it', () => {
  const isExempt = pathMatcher(['/health', '/metrics'])
  for (const url of ['/health', '/health/live', '/health?x', '/metrics']) {
    expect(isExempt(url), url).toBe(true)
  }
  for (const url of ['/', '/healthy', '/api/health', '/HEALTH', '/?/health']) {
    expect(isExempt(url), url).toBe(false)
  }
})

describe('the configuration', () => {
  test('limits by default, but not in tests', () => {
    expect(settings()).toMatchObject({ enabled: true, mode: 'enforce', limit: 100, window: 60 })
    expect(settings({ NODE_ENV: 'test' }).enabled).toBe(false)
  })

  test('a factor too large says why, and only there', () => {
    const load = (env: Record<string, string>) => () => loadConfig(env)
    const tiers = { RATE_LIMIT_TIERS: 'vip=100000000' }
    expect(load(tiers)).toThrow('100000000 times 100 in 60 s is too large')
    expect(load({ RATE_LIMIT_DEFAULT_LIMIT: '900000000000' })).not.toThrow('RATE_LIMIT_TIERS')
    expect(settings({ RATE_LIMIT_TIERS: 'vip=1000000' }).tiers).toEqual(['vip=1000000'])
  })

  test.each([
    ['RATE_LIMIT_ENABLED', 'maybe'],
    ['RATE_LIMIT_MODE', 'loud'],
    ['RATE_LIMIT_ALGORITHM', 'leaky'],
    ['RATE_LIMIT_DEFAULT_LIMIT', '0'],
    ['RATE_LIMIT_DEFAULT_WINDOW', '0'],
    ['RATE_LIMIT_ADDRESS_LIMIT', '-1'],
    ['RATE_LIMIT_TIERS', 'free:1'],
    ['RATE_LIMIT_TIERS', 'free=1,vip=100000000'],
    ['RATE_LIMIT_TIERS', `vip=${'9'.repeat(400)}`],
    ['RATE_LIMIT_EXEMPT_PATHS', 'health'],
    ['RATE_LIMIT_EXEMPT_PATHS', '/health/'],
    ['RATE_LIMIT_ON_STORE_ERROR', 'ignore'],
    ['RATE_LIMIT_DEFAULT_LIMIT', '900000000000'],
    ['RATE_LIMIT_ADDRESS_LIMIT', '900000000000'],
  ])('%s=%s is refused', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name)
  })
})
