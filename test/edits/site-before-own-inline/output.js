const app = require('fastify')()

app.register(require('@fastify/cors'))
app.register(u)
app.register(async (app) => {
  app.get('/', index)
})
