import type { FastifyInstance, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Type } from 'typebox'
import { ForbiddenError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import { type Access, addRouteHook, type Identity, type OwnerOf } from '../http/route-policy.ts'
import { apiKeyStore } from './api-keys.ts'
import { CredentialCache, callerOf, identifyWith } from './authenticator.ts'
import { LoginAttempts, type PasswordCost, Passwords } from './passwords.ts'
import { admin, hasPermission, hasRole } from './roles.ts'
import { accountRoutes, loginRoutes } from './routes.ts'
import { sessionStore } from './sessions.ts'
import { accessTokens, oidcTokens, unauthorized } from './tokens.ts'
import { userRepository } from './users.ts'

declare module '../app.ts' {
  interface Overrides {
    /** Cheaper password hashes, for tests. */
    passwordCost?: PasswordCost
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    auth: Awaited<ReturnType<typeof createAuth>>
  }
}

async function createAuth({ db, overrides, config }: FastifyInstance) {
  const cache = new CredentialCache()
  const keys = apiKeyStore(db, cache)
  const passwords = new Passwords(overrides.passwordCost)
  const tokens = await accessTokens(config.auth)
  const ttl = config.auth.refreshTokenTtl
  return {
    identify: identifyWith(db, cache, keys, tokens, oidcTokens(config.auth)),
    cache,
    keys,
    users: userRepository(db),
    passwords,
    attempts: new LoginAttempts(),
    /** Absent where all tokens come from an identity provider. */
    sessions: tokens && sessionStore(db, tokens, passwords, cache, ttl),
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
      addRouteHook(route, (request, _reply, done) => {
        app.auth.identify(request, () => {
          const { identity, refusal, method } = request
          if (identity === null) return done((refusal ?? unauthorized()) as Error)
          const reason = reasonToRefuse(access, identity, method)
          done(reason === undefined ? undefined : new ForbiddenError(reason))
        })
      })
      if (typeof access === 'object' && 'owner' in access) checkOwner(route, access.owner)
      app.guardedRoutes.add(route)
      const takesKeys = [route.method].flat().every((method) => mayTakeKeys(access, method))
      route.schema = {
        ...route.schema,
        security: takesKeys ? [{ bearer: [] }, { apiKey: [] }] : [{ bearer: [] }],
        response: { ...problems(401, 403), ...(route.schema?.response as object | undefined) },
      }
    })
  },
  { name: 'access', dependencies: ['errors', 'identify', 'unguarded-routes'] },
)

/** Why a known caller may not call a route, as far as that shows before the request is read. */
function reasonToRefuse(access: Access, identity: Identity, method: string): string | undefined {
  const { role, permission } = rightOf(access)
  if (role !== undefined && !hasRole(identity, role)) return `This needs the role ${role}.`
  if (permission !== undefined && !hasPermission(identity, permission)) {
    return `This needs the permission ${permission}.`
  }
  if (identity.kind === 'user' || mayTakeKeys(access, method)) return undefined
  return "API keys aren't accepted here. Log in instead."
}

/** A key has no roles, and writes only where a route asks for a permission that is in its scopes. */
function mayTakeKeys(access: Access, method: string): boolean {
  const { role, permission } = rightOf(access)
  if (access === 'user' || role !== undefined) return false
  return permission !== undefined || method === 'GET' || method === 'HEAD'
}

function rightOf(access: Access): { role?: string; permission?: string } {
  return typeof access === 'object' && !('owner' in access) ? access : {}
}

function checkOwner(route: RouteOptions, ownerOf: OwnerOf): void {
  const check = async (request: Parameters<OwnerOf>[0]) => {
    const owner = await ownerOf(request)
    const { userId, roles } = callerOf(request)
    if (owner === undefined || owner === userId || roles.includes(admin)) return
    throw new ForbiddenError('This belongs to another user.')
  }
  route.preHandler = [check, ...[route.preHandler ?? []].flat()]
}

/** Logins, accounts and API keys below `API_PREFIX`, and the keys for services that verify tokens. */
export const authRoutes = fp(
  async (app) => {
    const { apiPrefix } = app.config.server
    const { sessions, jwks } = app.auth
    await app.register(accountRoutes, { prefix: apiPrefix })
    if (sessions) await app.register(loginRoutes, { prefix: `${apiPrefix}/auth`, sessions })
    if (jwks.length === 0) return
    const schema = {
      operationId: 'getJwks',
      summary: 'Get the public keys that verify access tokens',
      tags: ['auth'],
      response: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Any())) }) },
    }
    app.get('/.well-known/jwks.json', { schema }, async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300')
      return { keys: jwks }
    })
  },
  { name: 'auth-routes', dependencies: ['access'] },
)
