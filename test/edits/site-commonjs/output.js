const fastify = require('fastify')({ logger: true })
const cors = require('@fastify/cors')

fastify.register(cors)
fastify.register(u)

fastify.get('/', async () => ({ hello: 'world' }))

const start = async () => {
  try {
    await fastify.listen({ port: 3000 })
  } catch (err) {
    fastify.log.error(err)
    process.exit(1)
  }
}
start()
