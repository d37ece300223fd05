const fp = require('fastify-plugin')

module.exports = fp(function (fastify, opts, done) {
  fastify.get('/', index)
  fastify.register(u)
  done()
})
