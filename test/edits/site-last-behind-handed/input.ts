import Fastify from 'fastify'
import { setUpCors } from './cors.js'
import { withRoutes } from './routes.js'

const app = Fastify()
setUpCors(app)
app.register(mine)
withRoutes(app)
log('ready')
app.listen({ port: 3000 })
