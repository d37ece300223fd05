import fastify from 'fastify'

let app: FastifyInstance

export async function build() {
  app = fastify()
  await app.register(a)
  return app
}
