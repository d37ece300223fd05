import { app } from './app.js'
import { registerPlugins } from './plugins.js'

await registerPlugins(app)
start(app)
