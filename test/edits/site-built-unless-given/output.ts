import Fastify from 'fastify'

export function build(given?: FastifyInstance) {
  const app = given ?? Fastify()
  app.register(a)
  app.register(u)
  return app
}
