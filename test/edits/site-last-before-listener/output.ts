import Fastify from 'fastify'
import { withRoutes } from './routes.js'

const app = Fastify()
withRoutes(app)
app.register(u)
open(app)

function open(server) {
  server.listen({ port: 3000 })
}
