import type { FastifyInstance } from 'fastify'

export async function routes(server: FastifyInstance<X, Y>, options: O) {
  await server.register(a)
}
