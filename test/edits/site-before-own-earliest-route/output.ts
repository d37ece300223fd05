import Fastify from 'fastify'
import { admin } from './admin.js'

const app = Fastify()
app.register(cors)
app.register(u)
app.get('/', index)
app.register(admin)
app.listen({ port: 3000 })
