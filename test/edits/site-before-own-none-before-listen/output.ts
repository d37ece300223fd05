import Fastify from 'fastify'
import { closeOnSignals } from './signals.js'

const app = Fastify()
app.register(cors)
app.register(u)
app.listen({ port: 3000 })
closeOnSignals(app)
