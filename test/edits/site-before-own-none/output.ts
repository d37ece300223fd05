import Fastify from 'fastify'
import cors from '@fastify/cors'

const app = Fastify()
app.register(cors)
app.register(u)
log()
app.listen({ port: 3000 })
