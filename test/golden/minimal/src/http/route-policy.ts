import type { FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { StartupError } from '../startup-error.ts'

/** Who a request comes from, as its credentials prove it. */
export interface Identity {
  kind: 'user' | 'api-key'
  /** Id of the user, or of the user to whom the API key belongs. */
  userId: string
  /** Id of the API key, where one was shown. */
  keyId?: string
  /** Id of the session, where somebody has logged in here. */
  sessionId?: string
  roles: readonly string[]
  permissions: readonly string[]
  /** Name of the plan that decides how often the caller may call. */
  tier: string
}

/**
 * Verifies the credentials of a request, once, and sets `request.identity`. It refuses nobody: what
 * to do about a caller who isn't known is for the hook that asks.
 */
export type Identify = (request: FastifyRequest, done: () => void) => void

declare module 'fastify' {
  interface FastifyInstance {
    /** Brought by the auth plugin. Hooks call it where a route needs to know who asks. */
    identify?: Identify
  }
  interface FastifyRequest {
    /** Null until `identify` has verified the caller's credentials. */
    identity: Identity | null
  }
}

/**
 * Returns the id of the user who owns the resource of a request, or nothing if the resource doesn't
 * exist; then the handler answers.
 */
export type OwnerOf = (request: FastifyRequest) => Promise<string | undefined>

/** Who may call a route. The role `admin` may call every route. */
export type Access =
  | 'public'
  | 'authenticated'
  /** A user who has logged in. API keys are refused, whatever they may do. */
  | 'user'
  | { role: string }
  | { permission: string }
  /** For routes of one resource. Handlers of lists filter by `identity.userId` themselves. */
  | { owner: OwnerOf }

/** How often one client may call a route: the name of a preset, or numbers; false for no limit. */
export type RateLimit = 'standard' | 'strict' | 'user' | RouteLimit | false

/** How many requests one client may send in a `window` of that many seconds. */
export interface RouteLimit {
  limit: number
  window: number
  /**
   * What counts as one client. `client`, the default: the API key, else the user, else the address.
   * `user`: a user with all their API keys. `api-key`: the key; callers without one by address.
   */
  key?: 'client' | 'ip' | 'user' | 'api-key'
  /** How much of the limit one request uses up; 1 by default. */
  cost?: number
  algorithm?: 'token-bucket' | 'sliding-window'
  /** Limits of single tiers. An address has no tier. */
  tiers?: Readonly<Record<string, number>>
}

/** How long (seconds) a response is cached, or which cached ones a request makes stale. */
export type Cache = { ttl: number; tags: string[] } | { invalidates: string[] }

/** Route policy: routes declare it, plugins enforce it. Without its plugin a key has no effect. */
declare module 'fastify' {
  interface FastifyContextConfig {
    /** Enforced by the access plugin (`src/auth`). Production doesn't start without it. */
    access?: Access
    /** Enforced by the route-limit plugin (`src/rate-limit`). */
    rateLimit?: RateLimit
    /** Honoured by the cache plugin (`src/cache`). */
    cache?: Cache
    /** Honoured by the access log (only failures are logged) and by metrics (nothing is counted). */
    quiet?: true
    /** Honoured by the load-shedding plugin (`src/http`): also answered under overload. */
    shed?: false
  }
  interface FastifyInstance {
    /** The routes whose `access` is enforced. The plugin that enforces it adds them in `onRoute`. */
    guardedRoutes: Set<RouteOptions>
  }
}

const pluginHooks = new WeakSet<onRequestHookHandler>()

/**
 * Adds a plugin's hook to a route, from `onRoute`. It runs after those of earlier plugins and before
 * those that the route declares itself.
 */
export function addRouteHook(route: RouteOptions, hook: onRequestHookHandler): void {
  const hooks = [route.onRequest ?? []].flat()
  const firstOwn = hooks.findIndex((each) => !pluginHooks.has(each))
  pluginHooks.add(hook)
  route.onRequest = hooks.toSpliced(firstOwn === -1 ? hooks.length : firstOwn, 0, hook)
}

const maxListedRoutes = 10

/**
 * Finds routes that declare who may call them although nothing enforces it, so that they are open to
 * everyone: the plugin is missing, or was registered after them. UNGUARDED_ROUTES decides what
 * happens then.
 */
export const unguardedRoutes = fp(
  async (app) => {
    const { unguardedRoutes } = app.config.security
    const guarded = new Set<RouteOptions>()
    app.decorate('guardedRoutes', guarded)
    if (unguardedRoutes === 'allow') return
    const declared: RouteOptions[] = []

    app.addHook('onRoute', (route) => {
      const { access = 'public' } = route.config ?? {}
      if (access !== 'public' && route.method !== 'HEAD') declared.push(route)
    })

    app.addHook('onReady', async () => {
      const open = declared.filter((route) => !guarded.has(route))
      if (open.length === 0) return
      const message = explain(open.map(({ method, url }) => `  ${[method].flat()} ${url}`))
      if (unguardedRoutes === 'refuse') throw new StartupError(message)
      app.log.warn(message)
    })
  },
  { name: 'unguarded-routes' },
)

function explain(routes: readonly string[]): string {
  const more = routes.length - maxListedRoutes
  return [
    'These routes declare who may call them, but nothing enforces it:',
    ...routes.slice(0, maxListedRoutes),
    ...(more > 0 ? [`  and ${more} more`] : []),
    'Add logins with `create-service add auth`, or remove `access` from routes that everyone may',
    'call (`generate resource --public` leaves it out). If something in front of the service decides',
    'who may call it, set UNGUARDED_ROUTES=allow.',
  ].join('\n')
}
