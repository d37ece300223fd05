import type { FastifyInstance } from 'fastify'

export async function hooks(app: FastifyInstance) {
  app.addHook('onRequest', log)
}

export async function routes(app: FastifyInstance) {
  await app.register(a)
}
