import fastify from 'fastify'

let app: FastifyInstance

export function build() {
  app = fastify()
  app.register(u)
  return app
}
