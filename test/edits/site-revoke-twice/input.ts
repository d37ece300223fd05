import Fastify from 'fastify'

const app = Fastify()
app.register(u)
if (dev) {
  app.register(u)
}
