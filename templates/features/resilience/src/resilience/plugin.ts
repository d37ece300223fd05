import fp from 'fastify-plugin'
import { mapResilienceError } from './app-errors.ts'
import { CircuitBreakers } from './circuit-breakers.ts'
import circuitBreakerRoutes from './routes.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The circuits of what this service calls; `create` one for each callee. */
    breakers: CircuitBreakers
  }
}

/** The circuit breakers of the service, `app.breakers`, and what clients are told of failed calls. */
export const resilience = fp(
  async (app) => {
    const { resilience, server } = app.config
    const defaults = {
      failureThreshold: resilience.failureThreshold,
      openTimeoutMs: resilience.recoveryTimeout * 1000,
    }
    const breakers = new CircuitBreakers(defaults, (change) => {
      if (change.to === 'open') app.log.warn(change, 'circuit opened')
      else app.log.info(change, 'circuit changed')
    })
    app.decorate('breakers', breakers)
    app.mapErrors(mapResilienceError)
    if (!resilience.routesEnabled) return
    await app.register(circuitBreakerRoutes, { prefix: `${server.apiPrefix}/circuit-breakers` })
  },
  { name: 'resilience', dependencies: ['errors', 'openapi'] },
)
