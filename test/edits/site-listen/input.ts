import Fastify from 'fastify'

const app = Fastify()
app.get('/', index)
app.listen({ port: 3000 }, (error) => {
  if (error) throw error
})
