import fastify from 'fastify'

export function buildApp(app = fastify().withTypeProvider<X>()) {
  app.register(a)
  app.register(u)
  return app
}
