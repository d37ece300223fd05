const app = require('fastify')()
app.register(a)

const b = require('./b')
const c = require('./c')
