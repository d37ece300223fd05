import { app } from './app.js'
import { config } from './config.js'

await app.listen({ port: config.port })
