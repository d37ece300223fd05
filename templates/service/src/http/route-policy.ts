import type { FastifyReply, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'

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

/** A limit that only a handler can check, because it counts by something in the body. */
export interface HandlerLimit {
  /** What is limited, such as `login`. */
  name: string
  /** Who is counted, such as `account:<id>`. Logs, Redis and operators see it. */
  key: string
  limit: number
  /** In seconds. */
  window: number
}

/** Limits beyond those that routes declare. */
export interface RateLimits {
  /** Counts one use. Rejects with a `RateLimitError` (429) if the limit is used up. */
  check(reply: FastifyReply, limit: HandlerLimit): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Brought by the auth plugin. Hooks call it where a route needs to know who asks. */
    identify?: Identify
    /** Brought by the rate-limit plugin, unless limits are switched off. */
    rateLimits?: RateLimits
  }
  interface FastifyRequest {
    /** Null until `identify` has verified the caller's credentials. */
    identity: Identity | null
  }
}

/**
 * Id of the user to whom the resource of a request belongs. Nothing if there is no such resource:
 * then the handler answers.
 */
export type OwnerOf = (request: FastifyRequest) => Promise<string | undefined>

/** Who may call a route. Honoured by the auth plugin; the role `admin` may call every one. */
export type Access =
  | 'public'
  | 'authenticated'
  /** Somebody who has logged in; no API key, whatever it may do. */
  | 'user'
  | { role: string }
  | { permission: string }
  /** For a route of one resource. A list is for its handler to filter by `identity.userId`. */
  | { owner: OwnerOf }

/** How often one client may call a route: by the name of a preset, or in numbers. */
export type RateLimit = 'standard' | 'strict' | 'user' | RouteLimit | false

/** What one client may do in a `window` of so many seconds. */
export interface RouteLimit {
  limit: number
  window: number
  /**
   * Who is one client: by default the API key, else the user, else the address. With `user` the API
   * keys of a user count together; with `api-key` who shows none counts by address.
   */
  key?: 'client' | 'ip' | 'user' | 'api-key'
  /** How much of the limit a request uses up; 1 by default. */
  cost?: number
  algorithm?: 'token-bucket' | 'sliding-window'
  /** Limits of the tiers that have one of their own here; an address has no tier. */
  tiers?: Readonly<Record<string, number>>
}

/** How long a response is kept (`ttl`, in seconds), or which kept ones a call makes stale. */
export type Cache = { ttl: number; tags: string[] } | { invalidates: string[] }

/** Routes declare, plugins honour: the first three have no effect without theirs. */
declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    rateLimit?: RateLimit
    cache?: Cache
    /** Only a failure of the route is worth a log line. */
    quiet?: true
    /** Answered under overload too, by `false`. */
    shed?: false
  }
}

const ofPlugins = new WeakSet<onRequestHookHandler>()

/**
 * Adds the hook of a plugin to a route, for `onRoute`: behind those of earlier plugins, so that a
 * request meets plugins in their order, and before those that the route declares itself.
 */
export function addRouteHook(route: RouteOptions, hook: onRequestHookHandler): void {
  const hooks = [route.onRequest ?? []].flat()
  const first = hooks.findIndex((each) => !ofPlugins.has(each))
  ofPlugins.add(hook)
  route.onRequest = hooks.toSpliced(first === -1 ? hooks.length : first, 0, hook)
}
