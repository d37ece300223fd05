import Fastify from 'fastify'

const app = Fastify().register(async (app) => {
  app.get('/', index)
})
app.register(a)
app.register(u)
