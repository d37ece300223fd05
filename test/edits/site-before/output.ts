import Fastify from 'fastify'

const app = Fastify()
app.register(a)
app.register(u)
// about b
app.register(b)
app.register(c)
