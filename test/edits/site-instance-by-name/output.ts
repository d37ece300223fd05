import Fastify from 'fastify'

const admin = Fastify()
const api = Fastify()
admin.register(a)
admin.register(u)
api.register(a)
