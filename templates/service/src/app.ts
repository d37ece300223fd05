import Fastify, { type FastifyInstance } from 'fastify'
import type { Config } from './config/index.ts'
import { handleClientError } from './http/client-error.ts'
import { httpServer } from './http/http-server.ts'
import './http/route-policy.ts'
import { buildValidator } from './http/validation.ts'
import { AccessLog } from './observability/access-log.ts'
import { type LogStream, loggerOptions } from './observability/logger.ts'
import { registerPlugins } from './plugins.ts'
import { registerResources } from './resources/index.ts'

/** Parts that a caller brings in place of those that the configuration asks for. */
export interface Overrides {
  /** Takes the log lines. */
  logStream?: LogStream
}

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
    overrides: Overrides
  }
}

/**
 * Builds the service: plugins in their order, then resources. It does not listen, and what it
 * needs to know is in `config`.
 */
export async function buildApp(
  config: Config,
  overrides: Overrides = {},
): Promise<FastifyInstance> {
  const { bodyLimit, trustProxy, apiPrefix } = config.server
  const accessLog = new AccessLog()
  const app = Fastify({
    logger: loggerOptions(config, overrides.logStream),
    logController: accessLog,
    bodyLimit,
    trustProxy: trustProxy.length > 0 && [...trustProxy],
    // A plugin may wait long, for example for a migration that another replica runs.
    pluginTimeout: 0,
    // While it drains, the service answers what still arrives.
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildValidator } },
    serverFactory: (listener) => httpServer(listener, config),
    clientErrorHandler: handleClientError,
    // A URL that cannot be decoded reaches no hook.
    frameworkErrors(error, request, reply) {
      const { origin } = request.raw.headers
      reply.headers(app.securityHeaders).headers(app.corsHeaders(origin))
      reply.header('x-request-id', request.id)
      if (app.draining.active) reply.header('connection', 'close')
      reply.raw.once('finish', () => accessLog.requestCompleted(null, request, reply))
      app.errorHandler(error, request, reply)
    },
  })
  app.decorate('config', config)
  app.decorate('overrides', overrides)
  app.decorateRequest('identity', null)
  try {
    await registerPlugins(app)
    await app.register(registerResources, { prefix: apiPrefix })
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}
