import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Auth, buildAuth } from './auth.ts'
import type { Credential } from './authenticator.ts'
import { refusedToken } from './refused.ts'

declare module 'fastify' {
  interface FastifyInstance {
    auth: Auth
  }
  interface FastifyRequest {
    /** Why the credentials that were sent prove nothing, for a route that needs them. */
    refusal: unknown
  }
}

/**
 * Finds out who calls: `request.identity`. It refuses nobody, since a public route is for everyone,
 * with bad credentials too; `access` does, where a route asks for it.
 */
export const identify = fp(
  async (app) => {
    const auth = await buildAuth(app.db, app.config.auth)
    app.decorate('auth', auth)
    app.decorateRequest('refusal', null)
    describe(app.securitySchemes)

    app.addHook('onRequest', (request, _reply, done) => {
      const credential = read(request.raw.headers)
      if (credential === undefined) return done()
      if (credential instanceof Error) {
        request.refusal = credential
        return done()
      }
      const identity = auth.authenticator.known(credential)
      if (identity !== undefined) {
        request.identity = identity
        return done()
      }
      auth.authenticator
        .verify(credential)
        .then(
          (proved) => {
            request.identity = proved
          },
          (error: unknown) => {
            request.refusal = error
          },
        )
        .then(() => done())
    })
  },
  { name: 'identify', dependencies: ['openapi', 'database'] },
)

/** The credential of a request, if it has one, or what is wrong with it. */
function read(headers: IncomingHttpHeaders): Credential | Error | undefined {
  const { authorization, 'x-api-key': key } = headers
  if (authorization === undefined) {
    return key === undefined ? undefined : { kind: 'key', text: String(key) }
  }
  if (key !== undefined) return refusedToken(new Error('two credentials'))
  const [, text] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? []
  return text === undefined ? refusedToken(new Error('no bearer')) : { kind: 'token', text }
}

function describe(schemes: FastifyInstance['securitySchemes']): void {
  schemes.bearer = {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token.',
  }
  schemes.apiKey = {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'An API key. Routes for a role, or for a user alone, take none.',
  }
}
