import type { FastifyPluginAsync } from 'fastify'

export default (async (server) => {
  return
}) satisfies FastifyPluginAsync
