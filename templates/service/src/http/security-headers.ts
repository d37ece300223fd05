import fp from 'fastify-plugin'
import { SecuredResponse } from './secured-response.ts'
import { type Headers, securityHeaders as headersOf } from './security-header-values.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The headers that every response has; for those that reach no hook. */
    securityHeaders: Headers
  }
}

/**
 * Tells browsers how to treat what they get. A route may say something else with `reply.header`.
 * What is answered to a caller with credentials is kept nowhere, unless its route says so.
 */
export const securityHeaders = fp(
  async (app) => {
    const headers = headersOf(app.config.security)
    app.decorate('securityHeaders', headers)

    app.addHook('onRequest', (request, reply, done) => {
      const { authorization, cookie, 'x-api-key': apiKey } = request.raw.headers
      if (authorization !== undefined || cookie !== undefined || apiKey !== undefined) {
        reply.header('cache-control', 'no-store')
      }
      done()
    })

    // What is injected is not sent by our server, which adds them by itself.
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (reply.raw instanceof SecuredResponse) return done(null, payload)
      for (const [name, value] of Object.entries(headers)) {
        if (!reply.hasHeader(name)) reply.header(name, value)
      }
      done(null, payload)
    })
  },
  { name: 'security-headers' },
)
