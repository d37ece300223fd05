module.exports = async function (fastify, opts) {
  fastify.register(a)
}
