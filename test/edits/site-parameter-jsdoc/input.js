/**
 * @param {import('fastify').FastifyInstance} server
 */
export const setup = async (server) => {
  return server
}
