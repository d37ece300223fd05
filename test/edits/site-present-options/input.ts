import Fastify from 'fastify'

const app = Fastify()
await app.register(u, { prefix: '/x' })
