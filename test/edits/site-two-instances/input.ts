import Fastify from 'fastify'

const admin = Fastify()
const api = Fastify()
api.register(a)
