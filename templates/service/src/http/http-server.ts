import { createServer, type RequestListener, type Server } from 'node:http'
import type { Config } from '../config/index.ts'
import { securedResponse } from './secured-response.ts'
import { securityHeaders } from './security-header-values.ts'

/** Node looks for late requests so often, in ms, or more often where they may take less. */
const usualCheck = 30_000

/**
 * The server behind Fastify. It is the only one: for `HOST=localhost` Fastify would make another
 * one for each further address, whose refusals were no problems.
 */
export function httpServer(
  listener: RequestListener,
  { server, security }: Pick<Config, 'server' | 'security'>,
): Server {
  const { requestTimeoutMs } = server
  const options = {
    ServerResponse: securedResponse(securityHeaders(security)),
    // Node would answer a request without `Host` itself; the plugin `protocol` does.
    requireHostHeader: false,
    connectionsCheckingInterval: Math.min(requestTimeoutMs, usualCheck),
    requestTimeout: requestTimeoutMs,
    // Longer than balancers keep theirs, so that they never use one that is about to close.
    keepAliveTimeout: 72_000,
  }
  return createServer(options, listener)
}
