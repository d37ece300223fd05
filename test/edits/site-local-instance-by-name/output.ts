import Fastify from 'fastify'

export async function build() {
  const server = Fastify()
  const metrics = Fastify()
  await server.register(a)
  await server.register(u)
  await metrics.register(a)
}
