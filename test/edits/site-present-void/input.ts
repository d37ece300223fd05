import Fastify from 'fastify'

const app = Fastify()
void app.register(u)
