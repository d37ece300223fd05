require('dotenv').config()
const fastify = require('fastify')({ logger: true })
const path = require('path')

fastify.listen()
