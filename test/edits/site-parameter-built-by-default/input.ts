import fastify from 'fastify'

export function buildApp(app = fastify().withTypeProvider<X>()) {
  app.register(a)
  return app
}
