import Fastify from 'fastify'

const app = Fastify()
app.register(a)

function child(app: FastifyInstance) {
  app.register(u)
}

app.register(async (app) => {
  if (dev) app.register(u)
}) && 0
