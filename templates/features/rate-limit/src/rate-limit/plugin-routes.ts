import fp from 'fastify-plugin'
import routes from './rate-limit.routes.ts'

/** What operators ask about rate limits, below `API_PREFIX`. */
export const rateLimitRoutes = fp(
  async (app) => {
    const { rateLimit, server } = app.config
    if (!rateLimit.enabled || !rateLimit.routesEnabled) return
    await app.register(routes, { prefix: `${server.apiPrefix}/rate-limits` })
  },
  { name: 'rate-limit-routes', dependencies: ['route-limit', 'openapi'] },
)
