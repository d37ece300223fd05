import Fastify from 'fastify'
import cors from '@fastify/cors'
import users from './users.js'

const app = Fastify()
await app.register(cors)

await app.register(u)
// The routes.
await app.register(users)
await app.register(help)
