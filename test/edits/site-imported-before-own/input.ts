import helmet from '@fastify/helmet'
import { app } from './app.js'
import routes from './routes.js'

await app.register(helmet)
await app.register(routes, { prefix: '/api' })
await app.listen({ port: 3000 })
