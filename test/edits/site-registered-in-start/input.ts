import Fastify from 'fastify'

const server = Fastify()

const start = async () => {
  await server.register(a)
  await server.listen({ port: 3000 })
}

start()
