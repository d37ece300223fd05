import Fastify from 'fastify'

const app = Fastify()

export default app
