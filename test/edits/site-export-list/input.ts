import Fastify from 'fastify'

const app = Fastify()
app.get('/', index)
export { app }
