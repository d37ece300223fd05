import fastify from 'fastify'

let app: FastifyInstance

export function build() {
  app = fastify()
  return app
}
