import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { RateLimitError } from '../http/app-error.ts'
import { addRouteHook } from '../http/route-policy.ts'
import {
  type Decision,
  guardedLimiter,
  type Limiter,
  memoryLimiter,
  redisLimiter,
} from './limiter.ts'
import { type LimitMeter, limitMeter } from './metrics.ts'
import { Refusals } from './refusals.ts'
import { operatorRoutes } from './routes.ts'
import { addressKey, clientOf, limitOf, makeRules, type Rule, type ScopeRules } from './rules.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Requests left by the tightest limit that the request has met so far. */
    requestsLeft: number
  }
}

/** Probes are never limited: a service that can't answer them is restarted. */
const exempt = /^\/health(?:[/?]|$)/

/**
 * Limits how often one address may call, whatever it asks for. It comes before anything is known of
 * the caller, so that guessing credentials is limited too.
 */
export const addressLimit = fp(
  async (app) => {
    const { enabled, mode, addressLimit: limit } = app.config.rateLimit
    const meter = limitMeter(app.metrics)
    if (!enabled) return
    const limits = makeLimits(mode === 'enforce', meter)
    app.decorate('rateLimits', limits)
    app.decorateRequest('requestsLeft', Number.POSITIVE_INFINITY)
    if (limit === 0) return
    // An address has no tier.
    const rules = makeRules('address', { name: 'address', limit, window: 60 }, {})
    limits.scopes.set('address', rules)
    const rule = rules.usual
    limits.meter.add(rule.name)
    app.addHook('onRequest', (request, reply, done) => {
      if (exempt.test(request.url)) done()
      else limits.pass(reply, { rule, key: addressKey(request.ip), cost: 1 }, done)
    })
  },
  { name: 'address-limit', dependencies: ['errors'] },
)

/**
 * Limits how often one client may call a route, as the route declares in `config.rateLimit`. Routes
 * of earlier plugins, such as health and documentation, only have the limit of addresses.
 */
export const routeLimit = fp(
  async (app) => {
    const { rateLimit: settings, server } = app.config
    if (!settings.enabled) return
    const limits = app.getDecorator<Limits>('rateLimits')

    if (app.redis) {
      const fallback = settings.onStoreError === 'open' ? limits.limiter : undefined
      const { missed } = limits.meter
      limits.limiter = guardedLimiter(redisLimiter(app.redis), fallback, app.log, missed)
      limits.refusals = new Refusals(app.redis)
    } else if (server.workers > 1) {
      app.log.warn({ workers: server.workers }, 'without REDIS_URL each worker counts by itself')
    }

    app.addHook('onRoute', (route) => {
      const declared = limitOf(settings, route.config?.rateLimit)
      if (declared === undefined) return
      // A HEAD counts as the GET whose headers it asks for.
      const scope = `${String(route.method).replace(/^HEAD$/, 'GET')} ${route.url}`
      const rules = makeRules(scope, declared)
      limits.scopes.set(scope, rules)
      limits.meter.add(declared.name, route.url)
      const { cost, usual, byTier } = rules
      const { key: kind = 'client' } = declared

      addRouteHook(route, (request, reply, done) => {
        const pass = () => {
          const { key, tier } = clientOf(request, kind)
          limits.pass(reply, { rule: byTier.get(tier) ?? usual, key, cost }, done)
        }
        if (kind === 'ip' || app.identify === undefined) pass()
        else app.identify(request, pass)
      })
    })

    app.addHook('onClose', () => limits.refusals.save())
  },
  { name: 'route-limit', dependencies: ['address-limit', 'redis'] },
)

/** What operators may see and reset, below `API_PREFIX`. */
export const rateLimitRoutes = fp(
  async (app) => {
    const { rateLimit, security, server } = app.config
    if (!rateLimit.enabled) return
    // Without auth nothing guards them.
    if (app.identify === undefined && security.unguardedRoutes === 'refuse') return
    const limits = app.getDecorator<Limits>('rateLimits')
    await app.register(operatorRoutes, { prefix: `${server.apiPrefix}/rate-limits`, limits })
  },
  { name: 'rate-limit-routes', dependencies: ['route-limit', 'openapi'] },
)

/** What a request uses up: `cost` units of what the rule allows the client `key`. */
type Use = { rule: Rule; key: string; cost: number }

export type Limits = ReturnType<typeof makeLimits>

/** Applies limits: refuses requests over a limit with a 429, or only logs them. */
function makeLimits(isEnforced: boolean, meter: LimitMeter) {
  const limits = {
    limiter: memoryLimiter() as Limiter,
    refusals: new Refusals(),
    /** The rules of everything that is limited. */
    scopes: new Map<string, ScopeRules>(),
    meter,

    /** Counts a use and announces what is left; `done` gets an error if it is refused. */
    pass(reply: FastifyReply, use: Use, done: (error?: Error) => void): void {
      const settle = (decision: Decision) => {
        meter.decided(use.rule, use.key, decision)
        if (isEnforced) announce(reply, use, decision)
        done(decision.allowed ? undefined : refuse(reply.request, use, decision))
      }
      const decision = limits.limiter.check(use.key, use.rule, use.cost)
      if (!(decision instanceof Promise)) settle(decision)
      else decision.then(settle, (error: Error) => done(isEnforced ? error : undefined))
    },
  }

  function refuse(request: FastifyRequest, { rule, key }: Use, { retryAfterMs }: Decision) {
    const { url } = request.routeOptions
    const route = `${request.method} ${url ?? '(no route)'}`
    meter.refused(rule, url ?? '__unmatched__')
    limits.refusals.add({ client: key, route, agent: request.headers['user-agent'] ?? '(none)' })
    if (isEnforced) return new RateLimitError(retryAfterMs / 1_000)
    request.log.warn({ limit: rule.name, route, client: key }, 'would be rate limited')
    return undefined
  }

  return limits
}

/**
 * Sets the headers of the limit that refuses, else of the one with the fewest requests left. Units
 * left don't compare where requests differ in cost.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
function announce(reply: FastifyReply, use: Use, decision: Decision): void {
  const { name, policy, limit } = use.rule
  const { allowed, remaining, nextAfterMs, resetAfterMs } = decision
  const requests = Math.floor(remaining / use.cost)
  if (allowed && requests >= reply.request.requestsLeft) return
  reply.request.requestsLeft = requests
  reply.header('ratelimit-policy', policy)
  reply.header('ratelimit', `"${name}";r=${remaining};t=${Math.ceil(nextAfterMs / 1_000)}`)
  reply.header('x-ratelimit-limit', limit)
  reply.header('x-ratelimit-remaining', remaining)
  reply.header('x-ratelimit-reset', Math.ceil((Date.now() + resetAfterMs) / 1_000))
}
