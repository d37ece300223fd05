const app = require('fastify')()

app.get('/', index)
start()

async function start() {
  await app.listen({ port: 3000 })
}
