import type { FastifyInstance } from 'fastify'
import draining from './draining.ts'
import errors from './errors.ts'
import health from './health.ts'
import notFound from './not-found.ts'
import openapi from './openapi.ts'
import requestId from './request-id.ts'

/** Registers every plugin; a request meets their hooks in this order. */
export async function registerPlugins(app: FastifyInstance): Promise<void> {
  await app.register(requestId)
  await app.register(errors)
  await app.register(notFound)
  await app.register(draining)
  await app.register(openapi)
  await app.register(health)
}
