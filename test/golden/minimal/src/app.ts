import { createServer } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Config } from './config/index.ts'
import { handleClientError } from './http/client-errors.ts'
import { buildValidator } from './http/validation.ts'
import { AccessLog } from './observability/access-log.ts'
import { type LogStream, loggerOptions } from './observability/logger.ts'
import { createMasker } from './observability/masking.ts'
import { Metrics } from './observability/metrics.ts'
import type { PIIMasker } from './observability/pii-masker.ts'
import type { TraceContext } from './observability/trace-context.ts'
import { registerPlugins } from './plugins.ts'
import { registerResources } from './resources/index.ts'

/** Parts that a caller brings instead of those that the configuration asks for. */
export interface Overrides {
  /** Where log lines go. */
  logStream?: LogStream
}

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
    overrides: Overrides
    /** Masks secrets and personal data in whatever leaves the process. */
    masker: PIIMasker
    metrics: Metrics
  }
}

const serverOptions = {
  // Node would answer a request without `Host` itself; the plugin `protocol` does.
  requireHostHeader: false,
  // How long (ms) a client may take to send a request, and how often that is checked.
  requestTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
  // Longer than balancers keep theirs, so that they never use one that is about to close.
  keepAliveTimeout: 72_000,
}

/**
 * Builds the service: plugins in order, then resources. It doesn't listen, and it reads nothing but
 * `config`.
 */
export async function buildApp(
  config: Config,
  overrides: Overrides = {},
): Promise<FastifyInstance> {
  const { bodyLimit, trustProxy, apiPrefix } = config.server
  const metrics = new Metrics()
  const masker = createMasker(config.logging, metrics)
  const accessLog = new AccessLog(config, masker)
  const app = Fastify({
    logger: loggerOptions(config, masker, overrides.logStream, metrics),
    logController: accessLog,
    bodyLimit,
    trustProxy: trustProxy.length > 0 && [...trustProxy],
    // A plugin may wait long, for example for a migration that another replica runs.
    pluginTimeout: 0,
    // While it drains, the service answers requests that still arrive.
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildValidator } },
    // For `HOST=localhost` Fastify would otherwise make one server per address, and only the first
    // would have our listeners.
    serverFactory: (listener) => createServer(serverOptions, listener),
    clientErrorHandler: handleClientError,
    // A URL that can't be decoded passes no hook.
    frameworkErrors(error, request, reply) {
      app.meter(request, reply)
      app.secure(reply.raw)
      reply.headers(app.corsHeaders(request.raw.headers.origin))
      reply.header('x-request-id', request.id)
      if (app.draining.active) reply.header('connection', 'close')
      reply.raw.once('finish', () => accessLog.requestCompleted(null, request, reply))
      app.errorHandler(error, request, reply)
    },
  })
  app.decorate('config', config)
  app.decorate('overrides', overrides)
  app.decorate('masker', masker)
  app.decorate('metrics', metrics)
  app.decorate('accessLog', accessLog)
  app.decorateRequest('identity', null)
  app.decorateRequest<TraceContext | null>('trace', null)
  try {
    await registerPlugins(app)
    await app.register(registerResources, { prefix: apiPrefix })
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}
