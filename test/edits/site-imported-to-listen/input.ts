import { app } from './app.js'

try {
  await app.listen({ port: 3000 })
} catch (error) {
  app.log.error(error)
}
