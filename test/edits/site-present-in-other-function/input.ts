import Fastify from 'fastify'

const app = Fastify()
app.register(a)

export async function start() {
  await app.register(u)
  await app.listen({ port: 3000 })
}
