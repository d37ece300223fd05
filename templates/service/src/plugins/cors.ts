import fastifyCors from '@fastify/cors'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

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

declare module 'fastify' {
  interface FastifyInstance {
    /** What lets a page of `origin` read a response; for those that reach no hook. */
    corsHeaders(origin: string | undefined): Record<string, string>
  }
}

/** Lets pages of the configured origins call the API; without any, browsers keep to our own. */
export default fp(
  async (app) => {
    const { origins, credentials, maxAge } = app.config.cors
    app.decorate('corsHeaders', (origin) => {
      const allowed = origins.includes('*') ? '*' : origins.find((it) => it === origin)
      if (allowed === undefined) return {}
      return {
        'access-control-allow-origin': allowed,
        'access-control-expose-headers': exposedHeaders.join(', '),
        ...(credentials && { 'access-control-allow-credentials': 'true' }),
        ...(allowed !== '*' && { vary: 'Origin' }),
      }
    })
    if (origins.length === 0) return

    const options = { origin: [...origins], credentials, methods, allowedHeaders, exposedHeaders }
    const ordinary = { ...options, preflight: false }
    const preflight = { ...options, maxAge }

    await app.register(fastifyCors, {
      delegator(request, done) {
        done(null, isPreflight(request) ? preflight : ordinary)
      },
    })
  },
  { name: 'cors' },
)

/** Any other OPTIONS request is one for a route, and gets a problem if there is none. */
function isPreflight({ raw }: FastifyRequest): boolean {
  const { origin, 'access-control-request-method': method } = raw.headers
  return raw.method === 'OPTIONS' && origin !== undefined && method !== undefined
}
