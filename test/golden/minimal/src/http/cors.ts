import fp from 'fastify-plugin'
import type { Config } from '../config/index.ts'
import type { Headers } from './security-headers.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The headers that let a page of `origin` read a response. */
    corsHeaders(origin: string | undefined): Headers
  }
}

/** What browsers may send, and how long (seconds) they may rely on it. */
const permissions = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type, x-api-key, x-request-id',
  'access-control-max-age': '600',
}

/** The headers that pages may read, besides those that browsers always expose. */
const exposedHeaders =
  'link, location, ratelimit, ratelimit-policy, retry-after, www-authenticate, ' +
  'x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id'

/**
 * Lets web pages of the configured origins call the API; without any, browsers refuse other origins.
 * Pages send tokens or keys: with cookies, a page could act as a user who knows nothing of it.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export const cors = fp(
  async (app) => {
    const corsHeaders = (origin?: string) => headersFor(app.config.cors, origin)
    app.decorate('corsHeaders', corsHeaders)
    if (app.config.cors.origins.length === 0) return

    app.addHook('onRequest', (request, reply, done) => {
      const { origin, 'access-control-request-method': method } = request.raw.headers
      const headers = corsHeaders(origin)
      reply.headers(headers)
      // Other OPTIONS requests are meant for a route.
      if (request.raw.method !== 'OPTIONS' || !origin || !method) return done()
      // No later hook sees a preflight.
      app.secure(reply.raw)
      if ('access-control-allow-origin' in headers) reply.headers(permissions)
      reply.code(204).send()
    })
  },
  { name: 'cors' },
)

function headersFor({ origins }: Config['cors'], origin = ''): Headers {
  if (origins.length === 0) return {}
  const expose = { 'access-control-expose-headers': exposedHeaders }
  if (origins.includes('*')) return { 'access-control-allow-origin': '*', ...expose }
  // Caches must not serve one origin what they stored for another.
  const vary = { vary: 'Origin' }
  if (!origins.includes(origin)) return vary
  return { 'access-control-allow-origin': origin, ...expose, ...vary }
}
