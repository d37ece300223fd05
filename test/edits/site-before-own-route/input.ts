import Fastify from 'fastify'
import cors from '@fastify/cors'

const app = Fastify()
app.register(cors)
app.addHook('onRequest', log)
app.get('/', index)
app.listen({ port: 3000 })
