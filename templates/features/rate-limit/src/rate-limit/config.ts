import { Type } from 'typebox'
import { presetsOf } from './presets.ts'
import { parseTiers } from './route-rules.ts'
import { countable } from './rule.ts'

interface Settings {
  rateLimit: {
    limit: number
    window: number
    addressLimit: number
    addressWindow: number
    tiers: string[]
  }
}

const countableOnly = (limit: number, window: number) =>
  countable(limit, window)
    ? undefined
    : (['less', 'limit and window are too large to be counted exactly'] as const)

/** Whether the presets can be counted for every tier; routes with other numbers say it themselves. */
function countableTiers({ rateLimit }: Settings) {
  const largest = Math.max(1, ...parseTiers(rateLimit.tiers).values())
  for (const { limit, window } of Object.values(presetsOf(rateLimit))) {
    if (!countable(limit, window) || countable(limit * largest, window)) continue
    const reason = `${largest} times ${limit} in ${window} s is too large to be counted exactly`
    return ['smaller factors', reason] as const
  }
  return undefined
}

/** How often clients may call. */
export const rateLimit = Type.Object({
  enabled: Type.Boolean({
    env: 'RATE_LIMIT_ENABLED',
    default: true,
    defaultIn: { test: false },
    description: 'Limit how often a client may call.',
  }),
  mode: Type.Enum(['enforce', 'report-only'], {
    env: 'RATE_LIMIT_MODE',
    default: 'enforce',
    description: 'Refuse what is too much, or only log what would be refused.',
  }),
  algorithm: Type.Enum(['token-bucket', 'sliding-window'], {
    env: 'RATE_LIMIT_ALGORITHM',
    default: 'token-bucket',
    description: 'How to count, where a route does not say it.',
  }),
  limit: Type.Integer({
    env: 'RATE_LIMIT_DEFAULT_LIMIT',
    default: 100,
    minimum: 1,
    refusedBecause: ({ rateLimit }: Settings) => countableOnly(rateLimit.limit, rateLimit.window),
    description: 'Requests of a client to a route in a window, where a route does not say it.',
  }),
  window: Type.Integer({
    env: 'RATE_LIMIT_DEFAULT_WINDOW',
    default: 60,
    minimum: 1,
    description: 'That window, in seconds.',
  }),
  addressLimit: Type.Integer({
    env: 'RATE_LIMIT_ADDRESS_LIMIT',
    default: 1_000,
    minimum: 0,
    refusedBecause: ({ rateLimit }: Settings) =>
      countableOnly(rateLimit.addressLimit, rateLimit.addressWindow),
    description: 'Requests of an address to all routes in a window; 0 for no limit.',
  }),
  addressWindow: Type.Integer({
    env: 'RATE_LIMIT_ADDRESS_WINDOW',
    default: 60,
    minimum: 1,
    description: 'That window, in seconds.',
  }),
  tiers: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]+=\\d+(\\.\\d+)?$' }), {
    env: 'RATE_LIMIT_TIERS',
    default: ['free=1', 'standard=2', 'premium=10'],
    expected: 'a list such as free=1,premium=10',
    refusedBecause: countableTiers,
    description: 'How many times the usual limit of a route the callers of a tier have.',
  }),
  exemptPaths: Type.Array(Type.String({ pattern: '^/.*[^/]$' }), {
    env: 'RATE_LIMIT_EXEMPT_PATHS',
    default: ['/health'],
    expected: 'paths such as /health, without a slash at their end',
    description: 'Paths that are not limited, with everything below them.',
  }),
  onStoreError: Type.Enum(['open', 'closed'], {
    env: 'RATE_LIMIT_ON_STORE_ERROR',
    default: 'open',
    description: 'While Redis fails: count in each process, or answer with a 503.',
  }),
  memoryKeys: Type.Integer({
    env: 'RATE_LIMIT_MEMORY_KEYS',
    default: 100_000,
    minimum: 2,
    description: 'Most counters that a process keeps in memory.',
  }),
  routesEnabled: Type.Boolean({
    env: 'RATE_LIMIT_ROUTES_ENABLED',
    default: true,
    defaultIn: { production: false },
    description: 'Let operators see and reset counters below API_PREFIX/rate-limits.',
  }),
})
