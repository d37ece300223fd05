import Fastify from 'fastify'

export function build() {
  const app = Fastify()
  const server = app.withTypeProvider<Z>()
  server.register(a)
  return app
}
