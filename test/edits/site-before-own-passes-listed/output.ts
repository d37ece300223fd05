import cors from '@fastify/cors'
import Fastify from 'fastify'
import auditLog from './plugins/audit-log.js'
import timing from './plugins/timing.js'
import users from './routes/users.js'

const app = Fastify()
await app.register(cors)
await app.register(auditLog)
await app.register(timing)
await app.register(users)
