import Fastify from 'fastify'
import { startServer } from './start.js'
import { withRoutes } from './routes.js'

const app = Fastify()
app.register(mine)
withRoutes(app)
await startServer(app)
report(app)
