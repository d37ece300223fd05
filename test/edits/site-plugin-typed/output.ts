import type { FastifyPluginAsync } from 'fastify'

const app: FastifyPluginAsync<O> = async (fastify, opts): Promise<void> => {
  void fastify.register(a)
  void fastify.register(u)
}

export default app
export { app }
