const app = require('fastify')()

app.get('/', index)
app.register(u)
start()

async function start() {
  await app.listen({ port: 3000 })
}
