import type { FastifyInstance } from 'fastify'

export async function routes(options: O, server: FastifyInstance) {
  await server.register(a)
  await server.register(u)
}
