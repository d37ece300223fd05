import { app } from './app.js'
import { registerPlugins } from './plugins.js'

await registerPlugins(app)
await app.register(u)
start(app)
