import Fastify from 'fastify'

export async function build() {
  const app = Fastify()
  return app
}

export async function buildAdmin() {
  const app = Fastify()
  await app.register(u)
  return app
}
