import Fastify from 'fastify'

const app = Fastify()
app.register(u)

export default app
