// Loaded into a server by NODE_OPTIONS: its start never ends, as if it waited for a migration lock.
import { subscribe } from 'node:diagnostics_channel'

subscribe('fastify.initialization', ({ fastify }) => {
  fastify.register(async () => {
    console.log('starting')
    setInterval(() => {}, 1_000)
    await new Promise(() => {})
  })
})
