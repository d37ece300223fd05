import Fastify from 'fastify'

const app = Fastify()
app.register(a)
// about b
app.register(b)
app.register(c)
