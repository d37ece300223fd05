import Fastify from 'fastify'

const app = Fastify()
const admin = Fastify()
admin.register(a)
