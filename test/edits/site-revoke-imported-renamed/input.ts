import { app as server } from './app.js'

await server.register(a)
await server.register(u)
await server.listen({ port: 3000 })
