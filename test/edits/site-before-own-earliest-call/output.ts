import Fastify from 'fastify'
import { admin } from './admin.js'
import { withRoutes } from './routes.js'

const app = Fastify()
app.register(cors)
app.register(u)
await withRoutes(app)
app.register(admin)
app.listen({ port: 3000 })
