import Fastify from 'fastify'

const app = Fastify()
app.register(a)
app.register(u)

export function more() {
  app.register(b)
}
