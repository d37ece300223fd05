import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Type } from 'typebox'
import { ServiceUnavailableError } from './app-error.ts'
import { HealthChecks, isHealthy } from './health-checks.ts'
import { problems } from './problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** What the service needs; a plugin adds a check for what it brings. */
    healthChecks: HealthChecks
  }
}

const Live = Type.Object({ status: Type.Literal('live') })
const Started = Type.Object({ status: Type.Literal('started') })
const Check = Type.Object({
  status: Type.Enum(['up', 'down']),
  critical: Type.Boolean(),
  duration_ms: Type.Integer(),
})
const Ready = Type.Object({
  status: Type.Literal('ready'),
  checks: Type.Record(Type.String(), Check),
})

/** Probes come every few seconds, and restarting an overloaded service doesn't help it. */
function probe(summary: string, response: object) {
  const config = { quiet: true, shed: false } as const
  return { config, schema: { tags: ['health'], summary, response } }
}

async function routes(app: FastifyInstance): Promise<void> {
  let started = false

  async function assertHealthy() {
    const checks = await app.healthChecks.run()
    if (isHealthy(checks)) return checks
    throw new ServiceUnavailableError('A critical check fails.', 5, { extra: { checks } })
  }

  app.get('/live', probe('Check liveness', { 200: Live }), async () => ({ status: 'live' }))

  app.get('/ready', probe('Check readiness', { 200: Ready, ...problems(503) }), async () => {
    if (app.draining.active) throw new ServiceUnavailableError('The service is shutting down.')
    if (app.overload.active) throw new ServiceUnavailableError('The service is overloaded.')
    return { status: 'ready', checks: await assertHealthy() }
  })

  app.get('/startup', probe('Check startup', { 200: Started, ...problems(503) }), async () => {
    if (!started) await assertHealthy()
    started = true
    return { status: 'started' }
  })
}

/** The probes of an orchestrator at `/health`, and the checks that they report. */
export const health = fp(
  async (app) => {
    const checks = new HealthChecks((check, status, reason) => {
      if (status === 'up') app.log.info({ check }, 'health check recovered')
      else app.log.warn({ check, err: reason }, 'health check failed')
    })
    app.decorate('healthChecks', checks)
    await app.register(routes, { prefix: '/health' })
  },
  { name: 'health', dependencies: ['errors', 'draining', 'load-shedding'] },
)
