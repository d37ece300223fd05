const app = require('fastify')()

app.get('/', index)

module.exports = app
