import Fastify from 'fastify'

export async function build() {
  const app = Fastify({ logger: true }).withTypeProvider<Z>()

  await app.register(a)
  await app.register(u)

  return app
}
