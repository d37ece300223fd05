import Fastify from 'fastify'

const app = Fastify()
await connect()
await app.listen({ port: 3000 })
