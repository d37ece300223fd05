import { errors, jwtVerify, SignJWT } from 'jose'
import type { Config } from '../config/index.ts'
import { uuidv7 } from '../http/uuid.ts'
import { refusedToken } from './refused.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { User } from './user.model.ts'

/** What a valid access token of this service proves. */
export interface AccessClaims {
  userId: string
  sessionId: string
  /** When it ends, in Unix milliseconds. */
  expiresAt: number
}

type Settings = Pick<Config['auth'], 'issuer' | 'audience' | 'accessTokenTtl'>

/** Of a JWT that is an access token and nothing else (RFC 9068). */
const type = 'at+jwt'

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** Clocks of two machines may differ by so many seconds. */
export const clockTolerance = 5

/** Signs and verifies the access tokens of this service. */
export class AccessTokens {
  readonly #keys: SigningKeys
  readonly #settings: Settings
  /** How long a new token is good, in seconds. */
  readonly ttl: number

  constructor(keys: SigningKeys, settings: Settings) {
    this.#keys = keys
    this.#settings = settings
    this.ttl = settings.accessTokenTtl
  }

  /** Roles, permissions and tier are for other services: this one asks its database. */
  sign(user: User, sessionId: string): Promise<string> {
    const { kid, algorithm, key } = this.#keys.current
    const { roles, permissions, tier } = user
    const now = Math.floor(Date.now() / 1000)
    return new SignJWT({ sid: sessionId, roles, permissions, tier })
      .setProtectedHeader({ alg: algorithm, kid, typ: type })
      .setSubject(user.id)
      .setJti(uuidv7())
      .setIssuer(this.#settings.issuer)
      .setAudience(this.#settings.audience)
      .setIssuedAt(now)
      .setExpirationTime(now + this.ttl)
      .sign(key)
  }

  /** @throws {UnauthorizedError} whatever is wrong with it */
  async verify(token: string): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, ({ kid, alg }) => this.#keyFor(kid, alg), {
        algorithms: [...new Set([...this.#keys.verify.values()].map((key) => key.algorithm))],
        issuer: this.#settings.issuer,
        audience: this.#settings.audience,
        typ: type,
        clockTolerance,
        requiredClaims: ['exp', 'iat', 'jti', 'sub', 'sid'],
      })
      const { sub = '', sid, exp = 0 } = payload
      if (typeof sid !== 'string' || !uuid.test(sid)) throw new Error('sid is no id')
      return { userId: sub, sessionId: sid, expiresAt: exp * 1000 }
    } catch (error) {
      throw refusedToken(error)
    }
  }

  /** The token says which key it wants; the key says which algorithm it is for. */
  #keyFor(kid: string | undefined, algorithm: string) {
    const found = this.#keys.verify.get(kid ?? '')
    if (found?.algorithm !== algorithm) throw new errors.JWKSNoMatchingKey()
    return found.key
  }
}
