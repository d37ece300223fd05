import Fastify from 'fastify'

export async function build() {
  const app = Fastify({ logger: true }).withTypeProvider<Z>()

  await app.register(a)

  return app
}
