import Fastify from 'fastify'

export { app }

const app = Fastify()
app.get('/', index)
app.listen({ port: 3000 })
