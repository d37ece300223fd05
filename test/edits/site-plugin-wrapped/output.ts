import fp from 'fastify-plugin'

export default fp(async (app) => {
  app.register(a)
  app.register(u)
}, { name: 'app' })
