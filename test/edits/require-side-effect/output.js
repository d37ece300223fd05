require('dotenv').config()
const fastify = require('fastify')({ logger: true })
const path = require('path')
const u = require('./u.js')

fastify.listen()
