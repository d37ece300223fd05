const u = require('./u')
const app = require('fastify')()
app.register(require('./u.js'), { prefix: '/u' })
