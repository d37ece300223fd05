import Fastify from 'fastify'

const app = (await Fastify({}) as unknown) satisfies X
await app.register(a)
await app.register(u)
