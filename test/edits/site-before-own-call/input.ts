import Fastify from 'fastify'
import { routes } from './routes.js'

const app = Fastify()
app.register(cors)
app.addHook('onRequest', log)
routes(app)
app.listen({ port: 3000 })
