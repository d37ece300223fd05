import Fastify from 'fastify'
import { setUpCors } from './cors.js'

const app = Fastify()
setUpCors(app)
app.register(mine)
app.register(u)
app.listen({ port: 3000 })
closeOnSignals(app)
