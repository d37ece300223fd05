'use strict'

module.exports = async function (fastify, opts) {
  fastify.register(a)
}

module.exports.options = {}
