'use strict'

module.exports = async function (fastify, opts) {
  fastify.register(a)
  fastify.register(u)
}

module.exports.options = {}
