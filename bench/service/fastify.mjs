// Bare Fastify, or Fastify with some plugins of a produced service and nothing else: `app [plugin…]`.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { greeting, measured } from './measured.mjs'

const [app, ...plugins] = process.argv.slice(2)
const built = (file) => import(pathToFileURL(join(app, 'dist', file)))
const { default: Fastify } = createRequire(join(app, 'package.json'))('fastify')
const isLogged = plugins[0] === 'access-log'
const isSecured = plugins[0] === 'security-headers'

async function bare() {
  return Fastify()
}

async function equipped() {
  const { loadConfig } = await built('config/index.js')
  const config = loadConfig(process.env)
  const server = Fastify({
    ...(isLogged && (await logging(config))),
    ...(isSecured && (await securing(config))),
  })
  server.decorate('config', config)
  server.decorate('overrides', {})
  server.decorateRequest('identity', null)
  if (isLogged) server.decorateRequest('failure', null)
  for (const name of plugins.slice(isLogged ? 1 : 0)) {
    await server.register((await built(`http/${name}.js`)).default)
  }
  return server
}

async function logging(config) {
  const { AccessLog } = await built('observability/access-log.js')
  const { BatchedOutput, loggerOptions } = await built('observability/logger.js')
  const stream = new BatchedOutput(process.stdout.fd)
  return { logger: loggerOptions(config, stream), logController: new AccessLog() }
}

async function securing(config) {
  const { httpServer } = await built('http-server.js')
  return { serverFactory: (listener) => httpServer(listener, config) }
}

const server = await (plugins.length > 0 ? equipped() : bare())
const response = { 200: { type: 'object', properties: { hello: { type: 'string' } } } }
server.get('/hello', { schema: { response } }, async () => greeting)
await server.listen({ host: '127.0.0.1', port: 0 })
measured({ port: server.server.address().port })
