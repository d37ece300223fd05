import Fastify from 'fastify'

const app = Fastify().register(a)
app.register(b)
