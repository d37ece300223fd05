import Fastify from 'fastify'

const app = Fastify()
app.register(a)
app.register(u)

if (dev) {
  app.register(swagger)
}
app.listen({ port: 3000 })
