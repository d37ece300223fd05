import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Config } from '../config/index.ts'
import { ServiceUnavailableError } from '../http/app-error.ts'
import { clockTolerance } from './access-token.ts'
import { refusedToken } from './refused.ts'

/** What a valid access token of the identity provider proves. */
export interface OidcClaims {
  subject: string
  roles: string[]
  /** When it ends, in Unix milliseconds. */
  expiresAt: number
}

/** Public keys only: a shared secret would make one of theirs pass for a secret of ours. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/** How long to wait for the keys, how soon to ask again for an unknown one, how long to keep them. */
const fetching = { timeoutDuration: 5_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 }

/** Verifies access tokens of an OpenID Connect provider with the keys that it publishes. */
export class OidcProvider {
  readonly issuer: string
  readonly #audience: string
  readonly #rolesClaim: string | undefined
  readonly #keys: ReturnType<typeof createRemoteJWKSet>

  constructor(issuer: string, jwksUrl: string, audience: string, rolesClaim?: string) {
    this.issuer = issuer
    this.#audience = audience
    this.#rolesClaim = rolesClaim
    this.#keys = createRemoteJWKSet(new URL(jwksUrl), fetching)
  }

  /** Nothing where no provider is configured. */
  static from(settings: Config['auth']): OidcProvider | undefined {
    const { oidcIssuer, oidcJwksUrl, oidcAudience, oidcRolesClaim } = settings
    if (!oidcIssuer || !oidcJwksUrl || !oidcAudience) return undefined
    return new OidcProvider(oidcIssuer, oidcJwksUrl, oidcAudience, oidcRolesClaim)
  }

  /**
   * @throws {UnauthorizedError} whatever is wrong with it
   * @throws {ServiceUnavailableError} when the keys cannot be had
   */
  async verify(token: string): Promise<OidcClaims> {
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        algorithms,
        issuer: this.issuer,
        audience: this.#audience,
        clockTolerance,
        requiredClaims: ['exp', 'sub'],
      })
      const { sub = '', exp = 0 } = payload
      return { subject: sub, roles: this.#rolesOf(payload), expiresAt: exp * 1000 }
    } catch (error) {
      if (isOutage(error)) {
        throw new ServiceUnavailableError('The identity provider does not answer.', 5, {
          cause: error,
        })
      }
      throw refusedToken(error)
    }
  }

  #rolesOf(payload: JWTPayload): string[] {
    if (this.#rolesClaim === undefined) return []
    let value: unknown = payload
    for (const key of this.#rolesClaim.split('.')) {
      value = value !== null && typeof value === 'object' && Object(value)[key]
    }
    return Array.isArray(value) ? value.filter((role) => typeof role === 'string') : []
  }
}

/** Whether it is the answer of the provider that is amiss, and not the token. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  return (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    // For a status other than 200, or no JSON.
    error.code === errors.JOSEError.code
  )
}
