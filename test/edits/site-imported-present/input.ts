import { app } from './app.js'

void app.register(u, { prefix: '/custom' })
