import Fastify from 'fastify'

export function other(Fastify: () => X) {
  const fake = Fastify()
  fake.register(a)
}

export function build() {
  const app = Fastify()
  app.register(a)
  return app
}
