import Fastify from 'fastify'

export async function build() {
  const metrics = Fastify()
  const app = Fastify()
  await app.register(a)
  return { app, metrics }
}
