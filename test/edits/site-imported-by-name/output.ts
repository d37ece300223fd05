import helmet from '@fastify/helmet'
import { app } from './app.js'

await app.register(helmet)
await app.register(u)

await app.listen({ port: 3000 })
