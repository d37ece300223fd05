import Fastify from 'fastify'
import { routes } from './routes.js'

const app = Fastify()
app.register(cors)
app.addHook('onRequest', log)
app.register(u)
routes(app)
app.listen({ port: 3000 })
