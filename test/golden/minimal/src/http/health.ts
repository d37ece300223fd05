import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { ServiceUnavailableError } from './app-error.ts'
import { dependencyMetrics } from './metrics.ts'
import { problems } from './problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** What the service needs; a plugin adds a check for what it brings. */
    healthChecks: ReturnType<typeof createHealthChecks>
  }
}

/** One thing that the service needs. */
export interface HealthCheck {
  name: string
  /** The service isn't ready while a critical check fails. */
  critical: boolean
  /** Resolves if all is well, rejects if not. */
  check(): Promise<unknown>
}

const Result = Type.Object({
  status: Type.Enum(['up', 'down']),
  critical: Type.Boolean(),
  duration_ms: Type.Integer(),
})
type Result = Static<typeof Result>

const Live = Type.Object({ status: Type.Literal('live') })
const Started = Type.Object({ status: Type.Literal('started') })
const Ready = Type.Object({
  status: Type.Literal('ready'),
  checks: Type.Record(Type.String(), Result),
})

/** A check that takes longer (ms) has failed. */
const checkTimeout = 2_000

/** How long (ms) the results count. */
const cacheTime = 1_000

/** The checks of the service. Probes share their results for a moment. */
function createHealthChecks({ log, metrics }: Pick<FastifyInstance, 'log' | 'metrics'>) {
  const checks: HealthCheck[] = []
  const down = new Set<string>()
  const { health, duration, lastSuccess } = metrics.of(dependencyMetrics)
  let latest: Promise<Record<string, Result>> | undefined
  let expires = 0

  /** Reports don't tell why a check fails; the log does, once. */
  async function runOne({ name, critical, check }: HealthCheck): Promise<Result> {
    const start = performance.now()
    const labels = { dependency_name: name }
    const run = async () => Promise.race([check(), timeout()])
    const [outcome] = await Promise.allSettled([run()])
    const ms = performance.now() - start
    const isUp = outcome.status === 'fulfilled'
    health.with({ ...labels, critical: critical ? 'true' : 'false' }).set(isUp ? 1 : 0)
    duration.with(labels).observe(ms / 1_000)
    if (isUp) {
      lastSuccess.with(labels).set(Date.now() / 1_000)
      if (down.delete(name)) log.info({ check: name }, 'health check recovered')
    } else if (!down.has(name)) {
      down.add(name)
      log.warn({ check: name, err: outcome.reason }, 'health check failed')
    }
    return { status: isUp ? 'up' : 'down', critical, duration_ms: Math.round(ms) }
  }

  return {
    /** Adds a check. Its name must be unique. */
    add: (check: HealthCheck) => void checks.push(check),

    /** The results of all checks by name. */
    run(): Promise<Record<string, Result>> {
      if (latest === undefined || performance.now() >= expires) {
        expires = Number.POSITIVE_INFINITY
        const results = checks.map(async (it) => [it.name, await runOne(it)] as const)
        latest = Promise.all(results).then((entries) => {
          expires = performance.now() + cacheTime
          return Object.fromEntries(entries)
        })
      }
      return latest
    },
  }
}

async function timeout(): Promise<never> {
  await setTimeout(checkTimeout, undefined, { ref: false })
  throw new Error(`No answer within ${checkTimeout} ms`)
}

/** Probes come every few seconds, and restarting an overloaded service doesn't help it. */
function probe(summary: string, response: object) {
  const config = { quiet: true, shed: false } as const
  return { config, schema: { tags: ['health'], summary, response } }
}

async function routes(app: FastifyInstance): Promise<void> {
  let started = false

  async function assertHealthy() {
    const checks = await app.healthChecks.run()
    const isHealthy = Object.values(checks).every((it) => it.status === 'up' || !it.critical)
    if (isHealthy) return checks
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
    const checks = createHealthChecks(app)
    app.decorate('healthChecks', checks)
    app.metrics.onCollect(() => checks.run())
    await app.register(routes, { prefix: '/health' })
  },
  { name: 'health', dependencies: ['errors', 'draining', 'load-shedding'] },
)
