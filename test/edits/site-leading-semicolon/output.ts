import Fastify from 'fastify'

const app = Fastify()
app.register(a)
app.register(u)
;(async () => {
  await app.listen({ port: 3000 })
})()
