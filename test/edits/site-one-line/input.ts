import Fastify from 'fastify'
const app = Fastify(); app.register(a); app.listen({ port: 3000 })
