const app = require('fastify')()

app.register(require('@fastify/cors'))
app.register(require('./users'))
