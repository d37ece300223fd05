import Fastify from 'fastify'

if (cluster.isPrimary) {
  cluster.fork()
} else {
  const app = Fastify()
  app.register(a)
  app.listen({ port: 3000 })
}
