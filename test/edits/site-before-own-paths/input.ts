import cors from '@fastify/cors'
import other from 'app/other'
import routes from '@modules/routes'
import Fastify from 'fastify'

const app = Fastify()
app.register(cors)
app.register(other)
app.register(routes)
app.listen({ port: 3000 })
