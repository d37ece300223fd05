const app = require('fastify')()

app.register(require('@fastify/cors'))
app.register(u)
app.register(require('./users'))
