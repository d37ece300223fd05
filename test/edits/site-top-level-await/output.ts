import Fastify from 'fastify'

const app = Fastify()
await app.register(a)
await app.register(u)

await app.listen({ port: 3000 })
