import fp from 'fastify-plugin'
import { addRouteHook } from '../http/route-policy.ts'
import { clientKey, countedCaller } from './client-key.ts'
import { pathMatcher } from './paths.ts'
import { limitOf, presetsOf } from './presets.ts'
import { parseTiers, RouteRules } from './route-rules.ts'

/**
 * Bounds how often one client may call a route, as the route declares it in `config.rateLimit`:
 * `standard` where it says nothing. What earlier plugins bring, such as the documentation, is
 * bounded by the limit of addresses alone.
 */
export const routeLimit = fp(
  async (app) => {
    const { rateLimit: settings } = app.config
    if (!settings.enabled) return
    const limits = app.rateLimits
    const presets = presetsOf(settings)
    const tiers = parseTiers(settings.tiers)
    const isExempt = pathMatcher(settings.exemptPaths)

    app.addHook('onRoute', (route) => {
      const limit = limitOf(route.config?.rateLimit, presets)
      if (limit === undefined || isExempt(route.url)) return
      const scope = `${methodOf(route.method)} ${route.url}`
      const rules = new RouteRules(scope, limit, settings.algorithm, tiers)
      limits.scopes.set(scope, rules)
      const { key: kind = 'client' } = limit

      addRouteHook(route, (request, reply, done) => {
        const rule = rules.of(countedCaller(request.identity, kind)?.tier)
        limits.pass(request, reply, done, { rule, key: clientKey(request, kind), cost: rules.cost })
      })
    })

    app.addHook('onClose', () => limits.refusals.close())
  },
  { name: 'route-limit', dependencies: ['address-limit', 'redis'] },
)

/** A HEAD counts as the GET whose headers it asks for. */
function methodOf(method: string | string[]): string {
  const methods = [method].flat()
  return methods.join(',') === 'HEAD' ? 'GET' : methods.join(',')
}
