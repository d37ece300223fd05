/**
 * @param {import('fastify').FastifyInstance} server
 */
export const setup = async (server) => {
  await server.register(u)
  return server
}
