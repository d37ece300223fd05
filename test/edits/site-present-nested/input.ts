import Fastify from 'fastify'

const app = Fastify()
if (dev) app.register(u)
