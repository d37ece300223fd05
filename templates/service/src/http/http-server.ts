import { createServer, type RequestListener, type Server } from 'node:http'
import type { Config } from '../config/index.ts'
import { securedResponse } from './secured-response.ts'
import { securityHeaders } from './security-header-values.ts'

/** How long a client may take to send a request, in ms. */
const requestTimeout = 60_000

/**
 * The server behind Fastify. It is the only one: for `HOST=localhost` Fastify would make another
 * one for each further address, whose refusals were no problems.
 */
export function httpServer(
  listener: RequestListener,
  { security }: Pick<Config, 'security'>,
): Server {
  const options = {
    ServerResponse: securedResponse(securityHeaders(security)),
    // Node would answer a request without `Host` itself; the plugin `protocol` does.
    requireHostHeader: false,
    requestTimeout,
    connectionsCheckingInterval: 1_000,
    // Longer than balancers keep theirs, so that they never use one that is about to close.
    keepAliveTimeout: 72_000,
  }
  return createServer(options, listener)
}
