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

declare module 'fastify' {
  interface FastifyRequest {
    /** Nobody is known until a plugin says so. */
    identity: Identity | null
  }
}
