import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Type } from 'typebox'
import { ForbiddenError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import { addRouteHook, type Identity, type OwnerOf } from '../http/route-policy.ts'
import { apiKeyStore } from './api-keys.ts'
import { CredentialCache, callerOf, identifyWith } from './authenticator.ts'
import { measureAuth } from './metrics.ts'
import { LoginAttempts, passwordHasher } from './passwords.ts'
import { admin, hasPermission, hasRole } from './roles.ts'
import { routes } from './routes.ts'
import { sessionStore } from './sessions.ts'
import { accessTokens, oidcTokens, unauthorized } from './tokens.ts'
import { userRepository } from './users.ts'

declare module 'fastify' {
  interface FastifyInstance {
    auth: Awaited<ReturnType<typeof createAuth>>
  }
}

async function createAuth({ db, config, metrics: allMetrics }: FastifyInstance) {
  const metrics = measureAuth(allMetrics, db)
  const cache = new CredentialCache()
  const keys = apiKeyStore(db, cache)
  const passwords = passwordHasher()
  const tokens = await accessTokens(config.auth)
  return {
    identify: identifyWith(db, cache, keys, metrics, tokens, oidcTokens(config.auth)),
    metrics,
    cache,
    keys,
    users: userRepository(db),
    passwords,
    attempts: new LoginAttempts(),
    /** Absent where all tokens come from an identity provider. */
    sessions: tokens && sessionStore(db, tokens, passwords, cache, config.auth.refreshTokenTtl),
    jwks: tokens?.jwks ?? [],
  }
}

/** Brings `app.identify` and `app.auth`. It verifies nothing until another hook asks. */
export const identify = fp(
  async (app) => {
    const auth = await createAuth(app)
    const { apiPrefix } = app.config.server
    app.decorateRequest('refusal', null)
    app.decorate('auth', auth)
    app.decorate('identify', auth.identify)
    const login = `POST ${apiPrefix}/auth/login returns it as \`accessToken\`. Create the first user
with \`npm run cli -- users create you@example.com --role admin\`.`
    const bearer = auth.sessions ? login : `An access token of ${app.config.auth.oidcIssuer}.`
    const key = `POST ${apiPrefix}/api-keys returns it as \`key\`.`
    Object.assign(app.securitySchemes, {
      bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: bearer },
      apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: key },
    })
  },
  { name: 'identify', dependencies: ['openapi', 'database'] },
)

/** Holds callers to the `access` that a route declares: 401 for unknown callers, 403 for others. */
export const access = fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      const { access = 'public' } = route.config ?? {}
      if (access === 'public') return
      const { role, permission, owner }: Rule = typeof access === 'object' ? access : {}

      // A key has no roles, and writes only where a route asks for a permission, one of its scopes.
      const takesKeys = (method: string) =>
        permission !== undefined ||
        (access !== 'user' && role === undefined && /^(GET|HEAD)$/.test(method))

      const asked = permission ?? (role && `role:${role}`)
      const { permissions } = app.auth.metrics
      if (asked !== undefined) permissions.init({ permission: asked })

      /** Why a known caller may not call the route, as far as it shows before the body is read. */
      function reasonToRefuse(identity: Identity, method: string): string | undefined {
        if (role !== undefined && !hasRole(identity, role)) return `This needs the role ${role}.`
        if (permission !== undefined && !hasPermission(identity, permission)) {
          return `This needs the permission ${permission}.`
        }
        if (identity.kind === 'user' || takesKeys(method)) return undefined
        return "API keys aren't accepted here. Log in instead."
      }

      addRouteHook(route, (request, _reply, done) => {
        app.auth.identify(request, () => {
          const { identity, refusal, method } = request
          if (identity === null) return done((refusal ?? unauthorized()) as Error)
          const reason = reasonToRefuse(identity, method)
          if (asked !== undefined) {
            const result = reason === undefined ? 'granted' : 'denied'
            permissions.with({ permission: asked, result }).inc()
          }
          done(reason === undefined ? undefined : new ForbiddenError(reason))
        })
      })
      if (owner) checkOwner(route, owner)
      app.guardedRoutes.add(route)
      const alsoKeys = [route.method].flat().every(takesKeys)
      route.schema = {
        ...route.schema,
        security: [{ bearer: [] }, ...(alsoKeys ? [{ apiKey: [] }] : [])],
        response: { ...problems(401, 403), ...(route.schema?.response as object | undefined) },
      }
    })
  },
  { name: 'access', dependencies: ['errors', 'identify', 'unguarded-routes'] },
)

/** What an `access` asks for beyond a known caller. */
type Rule = { role?: string; permission?: string; owner?: OwnerOf }

function checkOwner(route: RouteOptions, ownerOf: OwnerOf): void {
  route.preHandler = [check, ...[route.preHandler ?? []].flat()]

  async function check(request: FastifyRequest) {
    const owner = await ownerOf(request)
    const { userId, roles } = callerOf(request)
    if (owner === undefined || owner === userId || roles.includes(admin)) return
    throw new ForbiddenError('This belongs to another user.')
  }
}

/** Logins, accounts and API keys below `API_PREFIX`, and the keys for services that verify tokens. */
export const authRoutes = fp(
  async (app) => {
    const { jwks } = app.auth
    await app.register(routes, { prefix: app.config.server.apiPrefix })
    if (jwks.length === 0) return
    const schema = {
      operationId: 'getJwks',
      summary: 'Get the public keys that verify access tokens',
      tags: ['auth'],
      response: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Any())) }) },
    }
    app.get('/.well-known/jwks.json', { schema }, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send({ keys: jwks }),
    )
  },
  { name: 'auth-routes', dependencies: ['access'] },
)
