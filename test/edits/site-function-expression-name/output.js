const app = require('fastify')()
app.register(function app() {
  app.register(u)
})
app.register(u)
