import Fastify from 'fastify'

const app = Fastify()
app.register(u)
const admin = Fastify()
admin.register(a)
