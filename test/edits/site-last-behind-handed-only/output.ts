import Fastify from 'fastify'
import { withRoutes } from './routes.js'

const app = Fastify()
await withRoutes(app)
await app.register(u)
log('ready')
app.listen({ port: 3000 })
