import Fastify from 'fastify'

const app = Fastify()
app.register(a)

export async function routes(app: FastifyInstance) {
  app.get('/', index)
}
