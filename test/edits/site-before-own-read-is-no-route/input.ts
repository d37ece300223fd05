import Fastify from 'fastify'
import { admin } from './admin.js'

const app = Fastify()
app.get('config')
app.register(admin)
app.listen({ port: 3000 })
