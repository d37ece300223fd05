import type { FastifyInstance } from 'fastify'
import addressLimit from './address-limit.ts'
import cors from './cors.ts'
import draining from './draining.ts'
import errorPages from './error-pages.ts'
import errors from './errors.ts'
import health from './health.ts'
import json from './json.ts'
import loadShedding from './load-shedding.ts'
import notFound from './not-found.ts'
import openapi from './openapi.ts'
import protocol from './protocol.ts'
import rateLimitRoutes from './rate-limit-routes.ts'
import redis from './redis.ts'
import requestId from './request-id.ts'
import routeLimit from './route-limit.ts'
import securityHeaders from './security-headers.ts'
import timing from './timing.ts'
import unguardedRoutes from './unguarded-routes.ts'

/** Registers every plugin; a request meets their hooks in this order. */
export async function registerPlugins(app: FastifyInstance): Promise<void> {
  await app.register(cors)
  await app.register(securityHeaders)
  await app.register(requestId)
  await app.register(errors)
  await app.register(protocol)
  await app.register(json)
  await app.register(notFound)
  await app.register(unguardedRoutes)
  await app.register(draining)
  await app.register(loadShedding)
  await app.register(addressLimit)
  await app.register(timing)
  await app.register(openapi)
  await app.register(errorPages)
  await app.register(health)
  await app.register(redis)
  await app.register(routeLimit)
  await app.register(rateLimitRoutes)
}
