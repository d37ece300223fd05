const u = require('./u')
const app = require('fastify')()
app.register(require('./v'))
app.register(u)
