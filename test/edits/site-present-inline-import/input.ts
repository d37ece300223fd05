import Fastify from 'fastify'
import u from './u.js'

const app = Fastify()
app.register((await import('./u.js')).default)
