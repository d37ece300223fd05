// Bare Fastify, or Fastify with some plugins of a produced service and nothing else:
// `app [access-log] [<module>#<plugin>…]`.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { greeting, measured } from './measured.mjs'

const [app, ...parts] = process.argv.slice(2)
const built = (file) => import(pathToFileURL(join(app, 'dist', file)))
const { default: Fastify } = createRequire(join(app, 'package.json'))('fastify')
const isLogged = parts[0] === 'access-log'

async function equipped() {
  const { loadConfig } = await built('config/index.js')
  const { Metrics } = await built('observability/metrics.js')
  const config = loadConfig(process.env)
  const server = Fastify(isLogged ? await logging(config) : {})
  server.decorate('config', config)
  server.decorate('overrides', {})
  server.decorate('metrics', new Metrics())
  server.decorateRequest('identity', null)
  if (isLogged) server.decorateRequest('failure', null)
  for (const part of parts.slice(isLogged ? 1 : 0)) {
    const [module, plugin] = part.split('#')
    await server.register((await built(`${module}.js`))[plugin])
  }
  return server
}

async function logging(config) {
  const { AccessLog } = await built('observability/access-log.js')
  const { BatchedOutput, loggerOptions } = await built('observability/logger.js')
  const { createMasker } = await built('observability/masking.js')
  const stream = new BatchedOutput(process.stdout.fd)
  const masker = createMasker(config.logging)
  return {
    logger: loggerOptions(config, masker, stream),
    logController: new AccessLog(config, masker),
  }
}

const server = await (parts.length > 0 ? equipped() : Fastify())
const response = { 200: { type: 'object', properties: { hello: { type: 'string' } } } }
server.get('/hello', { schema: { response } }, async () => greeting)
await server.listen({ host: '127.0.0.1', port: 0 })
measured({ port: server.server.address().port })
