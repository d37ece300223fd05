import type { FastifyPluginAsync } from 'fastify'

const app: FastifyPluginAsync<O> = async (fastify, opts): Promise<void> => {
  void fastify.register(a)
}

export default app
export { app }
