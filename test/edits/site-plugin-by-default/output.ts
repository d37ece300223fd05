import fp from 'fastify-plugin'

export async function other(app: FastifyInstance) {}

export default fp(async (app) => {
  await app.register(u)
  return
})
