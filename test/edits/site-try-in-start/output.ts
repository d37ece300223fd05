import Fastify from 'fastify'

const server = Fastify()

const start = async () => {
  try {
    await server.register(a)
    await server.register(u)
    await server.listen({ port: 3000 })
  } catch (error) {
    server.log.error(error)
    process.exit(1)
  }
}

start()
