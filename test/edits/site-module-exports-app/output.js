const app = require('fastify')()

app.get('/', index)
app.register(u)

module.exports = app
