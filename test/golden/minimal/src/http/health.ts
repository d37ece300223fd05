import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
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
const Ready = Type.Object({
  status: Type.Literal('ready'),
  checks: Type.Record(
    Type.String(),
    Type.Object({
      status: Type.Enum(['up', 'down']),
      critical: Type.Boolean(),
      duration_ms: Type.Integer(),
    }),
  ),
})
const Started = Type.Object({ status: Type.Literal('started') })

// Probes come every few seconds, and an overloaded service is not mended by a restart.
const config = { quiet: true, shed: false } as const

const routes: FastifyPluginAsyncTypebox = async (app) => {
  let started = false

  async function assertHealthy() {
    const checks = await app.healthChecks.run()
    if (isHealthy(checks)) return checks
    throw new ServiceUnavailableError('A critical check fails.', 5, { extra: { checks } })
  }

  app.get(
    '/live',
    {
      config,
      schema: { tags: ['health'], summary: 'The process runs', response: { 200: Live } },
    },
    async () => ({ status: 'live' as const }),
  )

  app.get(
    '/ready',
    {
      config,
      schema: {
        tags: ['health'],
        summary: 'Requests may be sent here',
        response: { 200: Ready, ...problems(503) },
      },
    },
    async () => {
      if (app.draining.active) throw new ServiceUnavailableError('The service is shutting down.')
      return { status: 'ready' as const, checks: await assertHealthy() }
    },
  )

  app.get(
    '/startup',
    {
      config,
      schema: {
        tags: ['health'],
        summary: 'Every critical check has succeeded once',
        response: { 200: Started, ...problems(503) },
      },
    },
    async () => {
      if (!started) await assertHealthy()
      started = true
      return { status: 'started' as const }
    },
  )
}

/** The probes of an orchestrator at `/health`, and the registry of what they look at. */
export const health = fp(
  async (app) => {
    const checks = new HealthChecks((name, error) => {
      app.log.warn({ check: name, err: error }, 'health check failed')
    })
    app.decorate('healthChecks', checks)
    await app.register(routes, { prefix: '/health' })
  },
  { name: 'health', dependencies: ['errors', 'draining'] },
)
