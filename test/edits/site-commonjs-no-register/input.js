const { fastify } = require('fastify')
const app = fastify()

app.get('/', index)

async function start() {
  await app.listen({ port: 3000 })
}
start()
