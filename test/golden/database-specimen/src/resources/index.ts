import type { FastifyInstance } from 'fastify'
import specimens from './specimens/specimen.routes.ts'

/** Mounts every resource; `app` is the part of the service under `API_PREFIX`. */
export async function registerResources(app: FastifyInstance): Promise<void> {
  app.log.debug({ prefix: app.prefix }, 'mounting resources')
  await app.register(specimens, { prefix: '/specimens' })
}
