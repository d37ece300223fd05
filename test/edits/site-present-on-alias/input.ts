import Fastify from 'fastify'

const app = Fastify()
const typed = app.withTypeProvider<Z>()
typed.register(u)
