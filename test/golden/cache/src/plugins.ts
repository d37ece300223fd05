import type { FastifyInstance } from 'fastify'
import { cache, routeCache } from './cache/plugin.ts'
import { protocol } from './http/client-errors.ts'
import { cors } from './http/cors.ts'
import { requestId, timing } from './http/diagnostics.ts'
import { errorPages, openapi } from './http/docs.ts'
import { errors, notFound } from './http/errors.ts'
import { health } from './http/health.ts'
import { jsonBody } from './http/json-body.ts'
import { loadShedding } from './http/load-shedding.ts'
import { metering } from './http/metering.ts'
import { unguardedRoutes } from './http/route-policy.ts'
import { securityHeaders } from './http/security-headers.ts'
import { draining } from './http/shutdown.ts'
import { metricsPage } from './observability/metrics-page.ts'
import { redis } from './redis/plugin.ts'

/** Registers every plugin. Requests pass their hooks in this order. */
export async function registerPlugins(app: FastifyInstance): Promise<void> {
  await app.register(cors)
  await app.register(securityHeaders)
  await app.register(requestId)
  await app.register(metering)
  await app.register(errors)
  await app.register(protocol)
  await app.register(jsonBody)
  await app.register(notFound)
  await app.register(unguardedRoutes)
  await app.register(draining)
  await app.register(loadShedding)
  await app.register(timing)
  await app.register(openapi)
  await app.register(errorPages)
  await app.register(health)
  await app.register(metricsPage)
  await app.register(redis)
  await app.register(cache)
  await app.register(routeCache)
}
