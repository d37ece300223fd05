import type { FastifyInstance } from 'fastify'

/** Mounts every resource; `app` is the part of the service under `API_PREFIX`. */
export async function registerResources(app: FastifyInstance): Promise<void> {
  app.log.debug({ prefix: app.prefix }, 'mounting resources')
}
