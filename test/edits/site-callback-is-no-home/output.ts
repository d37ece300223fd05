import Fastify from 'fastify'

const app = Fastify()
app.after(() => {
  app.register(late)
})
app.register(u)
app.listen({ port: 3000 })
