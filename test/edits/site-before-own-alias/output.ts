import Fastify from 'fastify'
import cors from '@fastify/cors'
import users from '#app/users'

const app = Fastify()
app.register(cors)
app.register(u)
app.register(fp(users), { prefix: '/users' })
