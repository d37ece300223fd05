import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config/index.ts'

type Headers = Readonly<Record<string, string>>

declare module 'fastify' {
  interface FastifyInstance {
    /** The headers that let a page of `origin` read a response; for those that reach no hook. */
    corsHeaders(origin: string | undefined): Headers
  }
}

/** How long browsers keep the answer to a preflight, in seconds. */
const preflightMaxAge = 600

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What a page may send beside the headers that browsers always allow. */
const allowedHeaders = [
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'traceparent',
  'tracestate',
  'x-api-key',
  'x-request-id',
]

/** What a page may read beside the headers that browsers always show. */
const exposedHeaders = [
  'etag',
  'link',
  'location',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'server-timing',
  'www-authenticate',
  'x-process-time',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-request-id',
]

/**
 * Lets pages of the configured origins call the API; without any, browsers keep to our own.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export const cors = fp(
  async (app) => {
    const { cors } = app.config
    const corsHeaders = readers(cors)
    app.decorate('corsHeaders', corsHeaders)
    if (cors.origins.length === 0) return

    const permissions = {
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': allowedHeaders.join(', '),
      'access-control-max-age': String(preflightMaxAge),
    }

    app.addHook('onRequest', (request, reply, done) => {
      const headers = corsHeaders(request.raw.headers.origin)
      reply.headers(headers)
      if (!isPreflight(request)) return done()
      if ('access-control-allow-origin' in headers) reply.headers(permissions)
      reply.code(204).send()
    })
  },
  { name: 'cors' },
)

/** Headers by origin, made once: a request only looks them up. */
function readers({ origins, credentials }: Config['cors']): (origin?: string) => Headers {
  if (origins.length === 0) return () => ({})
  const common = {
    'access-control-expose-headers': exposedHeaders.join(', '),
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
  }
  const everyone = Object.freeze({ 'access-control-allow-origin': '*', ...common })
  if (origins.includes('*')) return () => everyone

  // A cache must not give one origin what another one got.
  const vary = { vary: 'Origin' }
  const stranger = Object.freeze(vary)
  const known = new Map(
    origins.map((origin) => [
      origin,
      Object.freeze({ 'access-control-allow-origin': origin, ...common, ...vary }),
    ]),
  )
  return (origin = '') => known.get(origin) ?? stranger
}

/** Any other OPTIONS request is one for a route, and gets a problem if there is none. */
function isPreflight({ raw }: FastifyRequest): boolean {
  const { origin, 'access-control-request-method': method } = raw.headers
  return raw.method === 'OPTIONS' && origin !== undefined && method !== undefined
}
