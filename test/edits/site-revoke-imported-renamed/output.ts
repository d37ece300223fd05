import { app as server } from './app.js'

await server.register(a)
await server.listen({ port: 3000 })
