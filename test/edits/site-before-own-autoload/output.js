const AutoLoad = require('@fastify/autoload')

module.exports = async function (fastify, opts) {
  fastify.register(u)
  fastify.register(AutoLoad, { dir: join(__dirname, 'routes') })
}
