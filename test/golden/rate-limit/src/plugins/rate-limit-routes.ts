import fp from 'fastify-plugin'
import rateLimitRoutes from '../rate-limit/rate-limit.routes.ts'

/** What operators ask about rate limits, below `API_PREFIX`. */
export default fp(
  async (app) => {
    const { rateLimit, server } = app.config
    if (!rateLimit.enabled || !rateLimit.routesEnabled) return
    await app.register(rateLimitRoutes, { prefix: `${server.apiPrefix}/rate-limits` })
  },
  { name: 'rate-limit-routes', dependencies: ['route-limit', 'openapi'] },
)
