import Fastify from 'fastify'

export async function build() {
  const metrics = Fastify()
  const app = Fastify()
  await app.register(a)
  await app.register(u)
  return { app, metrics }
}
