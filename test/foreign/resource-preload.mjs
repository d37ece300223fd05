// Loaded ahead of a project's own entry, see resource-client.ts: it answers questions in place of a port.
import { subscribe } from 'node:diagnostics_channel'

const started = new Promise((resolve) => {
  subscribe('fastify.initialization', ({ fastify }) => {
    fastify.listen = async () => resolve(fastify)
  })
})

process.on('message', async ({ method, url, payload }) => {
  const app = await started
  const response = await app.inject({ method, url, payload })
  const isJson = response.headers['content-type']?.includes('json')
  process.send({
    answer: {
      status: response.statusCode,
      location: response.headers.location,
      body: isJson ? response.json() : response.payload,
    },
  })
})
