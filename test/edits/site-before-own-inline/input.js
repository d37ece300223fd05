const app = require('fastify')()

app.register(require('@fastify/cors'))
app.register(async (app) => {
  app.get('/', index)
})
