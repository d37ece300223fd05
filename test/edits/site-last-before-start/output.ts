import Fastify from 'fastify'
import { startServer } from './start.js'
import { withRoutes } from './routes.js'

const app = Fastify()
app.register(mine)
withRoutes(app)
app.register(u)
await startServer(app)
report(app)
