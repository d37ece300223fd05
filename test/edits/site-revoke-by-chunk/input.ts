import Fastify from 'fastify'

const app = Fastify()
app.register(u, { prefix: '/v1' })
