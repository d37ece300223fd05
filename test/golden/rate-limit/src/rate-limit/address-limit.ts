import fp from 'fastify-plugin'
import { addressKey } from './client-key.ts'
import { GuardedLimiter } from './guarded-limiter.ts'
import { MemoryLimiter } from './memory-limiter.ts'
import { pathMatcher } from './paths.ts'
import { RateLimits } from './rate-limits.ts'
import { RedisLimiter } from './redis-limiter.ts'
import { RedisRefusals } from './redis-refusals.ts'
import { MemoryRefusals } from './refusals.ts'
import { RouteRules } from './route-rules.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** What requests are limited by; not there with RATE_LIMIT_ENABLED=false. */
    rateLimits: RateLimits
  }
  interface FastifyRequest {
    /** By the tightest of the limits that the request has met so far. */
    requestsLeft: number
  }
}

/**
 * Bounds how often one address may call, whatever it asks for: before anything is known of the
 * caller, so that finding out is bounded too. Forwarded addresses count from trusted proxies only.
 */
export const addressLimit = fp(
  async (app) => {
    const { rateLimit: settings, server } = app.config
    if (!settings.enabled) return
    const memory = new MemoryLimiter(settings.memoryKeys)
    const limits = new RateLimits(settings.mode, memory, new MemoryRefusals())
    app.decorate('rateLimits', limits)
    app.decorateRequest('requestsLeft', Number.POSITIVE_INFINITY)

    // Redis is connected by a later plugin.
    app.addHook('onReady', (done) => {
      if (app.redis !== undefined) {
        limits.refusals = new RedisRefusals(app.redis)
        limits.limiter = new GuardedLimiter(new RedisLimiter(app.redis), {
          standIn: settings.onStoreError === 'open' ? memory : undefined,
          onLost: (err) =>
            app.log.error({ err, fails: settings.onStoreError }, 'rate limit store lost'),
          onBack: (judged) => app.log.warn({ judged_without: judged }, 'rate limit store is back'),
        })
      } else if (server.workers > 1) {
        app.log.warn({ workers: server.workers }, 'without REDIS_URL each worker limits by itself')
      }
      done()
    })

    const { addressLimit: limit, addressWindow: window, algorithm, exemptPaths } = settings
    if (limit === 0) return
    const rules = new RouteRules(
      'address',
      { name: 'address', limit, window },
      algorithm,
      new Map(),
    )
    limits.scopes.set('address', rules)
    const rule = rules.usual
    const isExempt = pathMatcher(exemptPaths)

    app.addHook('onRequest', (request, reply, done) => {
      if (isExempt(request.url)) done()
      else limits.pass(request, reply, done, { rule, key: addressKey(request.ip), cost: 1 })
    })
  },
  { name: 'address-limit', dependencies: ['errors'] },
)
