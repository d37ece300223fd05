import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { Type } from 'typebox'
import { AppError, NotFoundError, ServiceUnavailableError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import { CircuitBreaker, type CircuitBreakerOptions, CircuitOpenError } from './circuit-breaker.ts'
import { CallError, HttpStatusError, isCalleeFailure, isTimeout } from './http-client.ts'
import { callMetrics, callRecorder } from './metrics.ts'
import { BulkheadFullError } from './policy.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The circuit breakers of this service, by name. */
    breakers: ReadonlyMap<string, CircuitBreaker>
    /**
     * Creates the circuit breaker of a callee.
     *
     * @param name for logs, metrics and the routes below; such as `payments`
     * @param options what differs from the configuration
     * @throws {Error} if the name is taken
     */
    createBreaker(name: string, options?: CircuitBreakerOptions): CircuitBreaker
  }
}

/** Adds circuit breakers, their routes for operators, and the problems that failed calls become. */
export const resilience = fp(
  async (app) => {
    const { security, server } = app.config
    const { failureThreshold, recoveryTimeout } = app.config.resilience
    const breakers = new Map<string, CircuitBreaker>()
    const defaults: CircuitBreakerOptions = {
      failureThreshold,
      openTimeoutMs: recoveryTimeout * 1000,
      onStateChange(circuit, from, to) {
        app.log[to === 'open' ? 'warn' : 'info']({ circuit, from, to }, `circuit ${to}`)
      },
    }
    app.metrics.of(callMetrics)
    app.decorate('breakers', breakers)
    app.decorate('createBreaker', (name: string, options: CircuitBreakerOptions = {}) => {
      if (breakers.has(name)) throw new Error(`The circuit breaker ${name} exists already.`)
      const recorder = callRecorder(app.metrics, name)
      const breaker = new CircuitBreaker(name, { ...defaults, recorder, ...options })
      breakers.set(name, breaker)
      return breaker
    })
    app.mapErrors(toAppError)
    // Without auth nothing guards the operators' routes.
    if (app.identify === undefined && security.unguardedRoutes === 'refuse') return
    await app.register(routes, { prefix: `${server.apiPrefix}/circuit-breakers` })
  },
  { name: 'resilience', dependencies: ['errors', 'openapi'] },
)

const unavailable = 'A needed service is unavailable.'

/** Callee failures become 502, 503 and 504. A 4xx of a callee is our fault unless it is handled. */
function toAppError(error: unknown): AppError | undefined {
  const cause = { cause: error }
  if (error instanceof CircuitOpenError) {
    const options = { ...cause, type: 'circuit-breaker-open' } as const
    return new ServiceUnavailableError(unavailable, error.retryAfterMs / 1000, options)
  }
  if (error instanceof HttpStatusError && (error.status === 429 || error.status === 503)) {
    return new ServiceUnavailableError(unavailable, error.retryAfterMs / 1000 || 5, cause)
  }
  if (error instanceof BulkheadFullError) return new ServiceUnavailableError(unavailable, 1, cause)
  if (isTimeout(error)) return new AppError(504, 'A needed service timed out.', cause)
  // A lost connection to a client or a database has the same code, but isn't ours to map.
  const isCall = error instanceof CallError || error instanceof TypeError
  if (isCall && isCalleeFailure(error)) return new AppError(502, 'A needed service failed.', cause)
  return undefined
}

const Circuit = Type.Object({
  name: Type.String({ examples: ['payments'] }),
  state: Type.Enum(['closed', 'half-open', 'open']),
  failures: Type.Integer({ description: 'Failures in a row.' }),
  retryAfterMs: Type.Integer({ description: 'How long the open circuit still rejects calls.' }),
  totals: Type.Record(Type.String(), Type.Integer(), { description: 'Calls by outcome.' }),
})
const Circuits = Type.Object({ data: Type.Array(Circuit) })

/** Circuits live in the process: with several workers or replicas, one of them answers. */
const routes: FastifyPluginAsyncTypebox = async (app) => {
  const config = { access: { role: 'admin' } } as const
  const tags = ['circuit breakers']
  const list = { summary: 'List circuits', tags, response: { 200: Circuits } }
  const reset = {
    summary: 'Reset a circuit',
    tags,
    params: Type.Object({ name: Type.String({ maxLength: 64 }) }),
    response: { 200: Circuit, ...problems(404, 422) },
  }

  app.get('', { config, schema: list }, async () => ({
    data: [...app.breakers.values()].map((breaker) => breaker.stats()),
  }))

  app.post('/:name/reset', { config, schema: reset }, async (request) => {
    const breaker = app.breakers.get(request.params.name)
    if (breaker === undefined) throw new NotFoundError('Circuit not found.')
    breaker.reset()
    request.log.warn({ circuit: breaker.name }, 'circuit reset')
    return breaker.stats()
  })
}
