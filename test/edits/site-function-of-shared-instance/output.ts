import Fastify from 'fastify'

const server = Fastify()

async function start(port: number) {
  await server.register(a)
  await server.register(u)
  await server.listen({ port })
}
