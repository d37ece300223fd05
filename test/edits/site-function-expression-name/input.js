const app = require('fastify')()
app.register(function app() {
  app.register(u)
})
