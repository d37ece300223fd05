import type { FastifyRequest } from 'fastify'

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
