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

/** How often one client may call a route; `window` is in seconds. */
export type RateLimit = 'standard' | 'strict' | 'user' | { limit: number; window: number } | false

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
