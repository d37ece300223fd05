import Fastify from 'fastify'

const app = Fastify()
app.get('/', index)
app.register(u)
export { app }
