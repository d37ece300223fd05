import Fastify from 'fastify'

const app = Fastify()
await connect()
await app.register(u)
await app.listen({ port: 3000 })
