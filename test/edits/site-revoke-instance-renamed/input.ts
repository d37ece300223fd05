import Fastify from 'fastify'

const server = Fastify()
await server.register(a)
await server.register(u)
