const app = require('fastify')()
const u = require('./u')
app.register(a)

const b = require('./b')
const c = require('./c')
