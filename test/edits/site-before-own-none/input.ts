import Fastify from 'fastify'
import cors from '@fastify/cors'

const app = Fastify()
app.register(cors)
log()
app.listen({ port: 3000 })
