// Bare Fastify on PORT, with the packages of a produced service: `app`.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { greeting } from './measured.mjs'

const [app] = process.argv.slice(2)
const { default: Fastify } = createRequire(join(app, 'package.json'))('fastify')
const server = Fastify()
const response = { 200: { type: 'object', properties: { hello: { type: 'string' } } } }
server.get('/hello', { schema: { response } }, async () => greeting)
await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
