import { server } from './server.js'

async function start(port: number) {
  await server.register(a)
  await server.listen({ port })
}
