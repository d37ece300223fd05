import { isIPv4, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { RateLimit, RouteLimit } from '../http/route-policy.ts'

/** A limit with the name that headers and logs show. */
export type NamedLimit = RouteLimit & { name: string }

/** A limit in the form that limiters apply. */
export interface Rule {
  name: string
  algorithm: NonNullable<RouteLimit['algorithm']>
  /** Units of cost per window. */
  limit: number
  /** The window in milliseconds, a whole number. */
  windowMs: number
  /** Prefix of its counters' names. */
  counterPrefix: string
  /** Value of the header `RateLimit-Policy`. */
  policy: string
}

const presets = {
  // For what is expensive or worth attacking, such as a login.
  strict: { name: 'strict', limit: 10, window: 60 },
  user: { name: 'user', limit: 50, window: 60, key: 'user' },
} as const satisfies Record<string, NamedLimit>

/** Factors by which a caller's tier multiplies the limit of a route; 1 for any other tier. */
export const tierFactors: Readonly<Record<string, number>> = { free: 1, standard: 2, premium: 10 }

type Standard = Pick<RouteLimit, 'limit' | 'window'>

/**
 * The limit that a route declares, by name or in numbers; undefined if it has none.
 *
 * @param standard the limit of routes that declare nothing
 */
export function limitOf(standard: Standard, declared?: RateLimit): NamedLimit | undefined {
  if (declared === false) return undefined
  if (typeof declared === 'object') return { name: 'route', ...declared }
  if (declared === 'strict' || declared === 'user') return presets[declared]
  return { name: 'default', limit: standard.limit, window: standard.window }
}

const maxWindowMs = 366 * 86_400_000
/** A sliding window keeps 8 bytes a unit. */
const maxSlidingLimit = 100_000

/**
 * The rules of a scope, such as a route: `usual` for callers without a tier, and those of tiers. All
 * count on the same counters.
 *
 * @param factors for the tiers that the limit doesn't name itself
 * @throws {Error} if the limit can't be counted or doesn't fit a single request
 */
export function makeRules(scope: string, declared: NamedLimit, factors = tierFactors) {
  const { name, limit, window, algorithm = 'token-bucket' } = declared
  const windowMs = Math.round(window * 1_000)
  check(`${scope}: the window in milliseconds`, windowMs, 1, maxWindowMs)
  // Products of limits and windows must be exact.
  const max = Math.min(
    Math.floor(Number.MAX_SAFE_INTEGER / windowMs),
    algorithm === 'sliding-window' ? maxSlidingLimit : Number.MAX_SAFE_INTEGER,
  )
  const cost = check(`${scope}: the cost`, declared.cost ?? 1, 1, max)
  const rule = (units: number): Rule => ({
    name,
    algorithm,
    limit: check(`${scope}: the limit`, units, cost, max),
    windowMs,
    counterPrefix: `rate-limit:${algorithm}:${window}:${scope}:`,
    policy: `"${name}";q=${units};w=${Math.ceil(window)}`,
  })
  const byTier = new Map<string | undefined, Rule>()
  for (const [tier, factor] of Object.entries(factors)) {
    // Every tier can afford one request, and none has more than can be counted.
    byTier.set(tier, rule(Math.min(max, Math.max(cost, Math.round(limit * factor)))))
  }
  for (const [tier, units] of Object.entries(declared.tiers ?? {})) byTier.set(tier, rule(units))
  return { cost, usual: rule(limit), byTier }
}

export type ScopeRules = ReturnType<typeof makeRules>

function check(what: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new Error(`${what} must be a whole number from ${min} to ${max}, not ${value}.`)
}

/**
 * Whose counters a request uses, and the caller's tier where a user or an API key is counted.
 *
 * - `client`: the API key, else the user, else the address
 * - `user`: the user, whichever of their API keys was sent; else the address
 * - `api-key`: the API key; else the address, even for a logged-in user
 * - `ip`: the address
 */
export function clientOf(
  { identity, ip }: Pick<FastifyRequest, 'identity' | 'ip'>,
  kind: NonNullable<RouteLimit['key']>,
): { key: string; tier?: string } {
  const keyId = kind === 'user' ? undefined : identity?.keyId
  if (identity === null || kind === 'ip' || (kind === 'api-key' && keyId === undefined)) {
    return { key: addressKey(ip) }
  }
  const key = keyId === undefined ? `user:${identity.userId}` : `apikey:${keyId}`
  return { key, tier: identity.tier }
}

const withPort = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/
const mapped = /^::ffff:(?=[\d.]+$)/i

/**
 * The key of an address, without the port that some proxies append. An IPv6 address counts as its
 * /64, because whoever has one address of such a network has them all.
 *
 * @see RFC 6177, section 2
 */
export function addressKey(ip = ''): string {
  if (isIPv4(ip)) return `ip:${ip}`
  const [, bracketed, dotted] = withPort.exec(ip) ?? []
  const [address = ''] = (bracketed ?? dotted ?? ip).replace(mapped, '').split('%')
  if (isIPv4(address)) return `ip:${address}`
  if (!isIPv6(address)) return 'ip:unknown'
  // The URL parser writes every form of an address the same way: `[2001:db8::1]`.
  const [head = [], tail = []] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((groups) => groups.split(':').filter(Boolean))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return `ip:${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`
}

/** The key that an operator names; an address may be written in any form, or as its /64. */
export function parseKey(text: string): string {
  return text.startsWith('ip:') ? addressKey(text.slice(3).replace(/\/64$/, '')) : text
}
