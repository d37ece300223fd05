import type { FastifyRequest, onRequestHookHandler, preHandlerAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { ForbiddenError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import type { Access, Identity, OwnerOf } from '../http/route-policy.ts'
import { addRouteHook } from '../http/route-policy.ts'
import { admin, hasPermission, hasRole } from './permissions.ts'
import { notIdentified } from './refused.ts'

type Test = (identity: Identity) => boolean

/** Holds callers to the `access` that a route declares: 401 for the unknown, 403 for the others. */
export const access = fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      const access = route.config?.access ?? 'public'
      if (access === 'public') return
      addRouteHook(route, guard(testOf(access)))
      app.guardedRoutes.add(route)
      if (typeof access === 'object' && 'owner' in access) {
        route.preHandler = [ownership(access.owner), ...[route.preHandler ?? []].flat()]
      }
      const { response } = route.schema ?? {}
      route.schema = {
        ...route.schema,
        security: takesKeys(access) ? [{ bearer: [] }, { apiKey: [] }] : [{ bearer: [] }],
        response: { ...problems(401, 403), ...(response as object | undefined) },
      }
    })
  },
  { name: 'access', dependencies: ['errors', 'identify', 'unguarded-routes'] },
)

/** Whether there are API keys that the route lets in: a key is no person, and has no role. */
function takesKeys(access: Access): boolean {
  return access !== 'user' && !(typeof access === 'object' && 'role' in access)
}

/** What a known caller must be, as far as that is known before the request is read. */
function testOf(access: Exclude<Access, 'public'>): Test {
  if (access === 'user') return ({ kind }) => kind === 'user'
  if (access === 'authenticated' || 'owner' in access) return () => true
  if ('role' in access) return (identity) => hasRole(identity, access.role)
  return (identity) => hasPermission(identity, access.permission)
}

function guard(test: Test): onRequestHookHandler {
  return (request, _reply, done) => {
    const { identity, refusal } = request
    if (identity === null) return done((refusal ?? notIdentified()) as Error)
    if (!test(identity)) return done(new ForbiddenError())
    done()
  }
}

function ownership(ownerOf: OwnerOf): preHandlerAsyncHookHandler {
  return async (request: FastifyRequest) => {
    const owner = await ownerOf(request)
    if (owner === undefined || owner === request.identity?.userId) return
    if (!request.identity?.roles.includes(admin)) throw new ForbiddenError()
  }
}
