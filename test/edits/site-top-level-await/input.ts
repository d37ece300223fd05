import Fastify from 'fastify'

const app = Fastify()
await app.register(a)

await app.listen({ port: 3000 })
