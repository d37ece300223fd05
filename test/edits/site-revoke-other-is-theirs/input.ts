import Fastify from 'fastify'

const admin = Fastify()
const api = Fastify()
admin.register(u)
