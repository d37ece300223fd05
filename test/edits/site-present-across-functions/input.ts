import Fastify from 'fastify'

const app = Fastify()

export function plugins() {
  app.register(u)
}

export function routes() {
  app.register(a)
}
