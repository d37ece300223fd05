/** Who may call a route. Honoured by the auth plugin. */
export type Access =
  | 'public'
  | 'authenticated'
  | { role: string }
  | { permission: string }
  /** `owner` names the property of the resource that holds the id of its owner. */
  | { owner: string }

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
