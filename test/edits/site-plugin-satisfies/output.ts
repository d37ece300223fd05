import type { FastifyPluginAsync } from 'fastify'

export default (async (server) => {
  await server.register(u)
  return
}) satisfies FastifyPluginAsync
