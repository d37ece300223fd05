import { app } from './app.js'
await app.register(u)

try {
  await app.listen({ port: 3000 })
} catch (error) {
  app.log.error(error)
}
