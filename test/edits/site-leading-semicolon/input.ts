import Fastify from 'fastify'

const app = Fastify()
app.register(a)
;(async () => {
  await app.listen({ port: 3000 })
})()
