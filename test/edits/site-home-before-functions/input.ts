import Fastify from 'fastify'

const app = Fastify()
app.register(a)

export function more() {
  app.register(b)
}
