import Fastify from 'fastify'
import { routes } from './routes.js'

const app = Fastify()
app.register(cors)
routes(app)
app.listen({ port: 3000 })
