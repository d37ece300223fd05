import { createHmac, createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto'
import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  errors,
  exportJWK,
  jwtVerify,
  SignJWT,
} from 'jose'
import { name } from '../about.ts'
import type { Config } from '../config/index.ts'
import { ServiceUnavailableError, UnauthorizedError } from '../http/app-error.ts'
import { uuidv7 } from '../http/uuid.ts'
import type { User } from './auth.model.ts'
import { rightsOf } from './roles.ts'

/** Marks a JWT as an access token and nothing else (RFC 9068). */
const tokenType = 'at+jwt'

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** Accepted difference between the clocks of two machines, in seconds. */
const clockTolerance = 5

export type AccessTokens = NonNullable<Awaited<ReturnType<typeof accessTokens>>>

/**
 * Signs and verifies the access tokens of this service. Nothing where no key is configured, because
 * all tokens come from an identity provider.
 */
export async function accessTokens(settings: Config['auth']) {
  const { jwtSecret, jwtPrivateKey, jwtPreviousKeys, accessTokenTtl: ttl } = settings
  const text = jwtPrivateKey ?? jwtSecret
  if (text === undefined) return undefined
  const current = await toVerificationKey(text)
  const keys = [current, ...(await Promise.all(jwtPreviousKeys.map(toVerificationKey)))]
  const signingKey = jwtPrivateKey ? readKey(text, createPrivateKey).key : current.key

  /** The token names the key; the key decides on the algorithm. */
  function keyFor(header: { kid?: string; alg: string }) {
    const found = keys.find(({ kid, algorithm }) => kid === header.kid && algorithm === header.alg)
    if (found === undefined) throw new errors.JWKSNoMatchingKey()
    return found.key
  }

  return {
    /** Lifetime of a new token, in seconds. */
    ttl,

    /** The public keys, as `/.well-known/jwks.json` lists them. */
    jwks: keys.flatMap(({ jwk }) => jwk ?? []),

    /** Roles, permissions and tier are for other services: this one asks its database. */
    sign(user: User, sessionId: string): Promise<string> {
      const now = Math.floor(Date.now() / 1000)
      const claims = { iss: name, aud: name, iat: now, exp: now + ttl, jti: uuidv7() }
      const subject = { sub: user.id, sid: sessionId, ...rightsOf(user), tier: user.tier }
      return new SignJWT({ ...claims, ...subject })
        .setProtectedHeader({ alg: current.algorithm, kid: current.kid, typ: tokenType })
        .sign(signingKey)
    },

    /**
     * Gives what the token proves; `expiresAt` is in Unix milliseconds.
     *
     * @throws {UnauthorizedError} whatever is wrong with the token
     */
    async verify(token: string) {
      try {
        const { payload } = await jwtVerify(token, keyFor, {
          issuer: name,
          audience: name,
          typ: tokenType,
          clockTolerance,
          requiredClaims: ['exp', 'iat', 'jti', 'sub', 'sid'],
        })
        const { sub = '', sid, exp = 0 } = payload
        if (typeof sid !== 'string' || !uuid.test(sid)) throw new Error('sid is not a UUID')
        return { userId: sub, sessionId: sid, expiresAt: exp * 1000 }
      } catch (error) {
        throw refusedToken(error)
      }
    },
  }
}

/** Reads a key that verifies tokens. It has one algorithm; a shared secret has no public `jwk`. */
async function toVerificationKey(text: string) {
  if (!isPem(text)) {
    // Tells one secret from another without revealing either.
    const kid = createHmac('sha256', text).update('kid').digest('base64url').slice(0, 16)
    return { kid, algorithm: 'HS256', key: Buffer.from(text), jwk: undefined }
  }
  const { key, algorithm } = readKey(text, createPublicKey)
  const jwk = await exportJWK(key)
  // RFC 7638: the same key has the same name everywhere.
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, algorithm, key, jwk: { ...jwk, kid, alg: algorithm, use: 'sig' } }
}

const isPem = (text: string) => text.includes('-----BEGIN ')

/** @throws when the PEM, which may be a single line, has no Ed25519 or P-256 key */
function readKey(pem: string, create: (pem: string) => KeyObject) {
  const key = create(pem.replaceAll('\\n', '\n'))
  if (key.asymmetricKeyType === 'ed25519') return { key, algorithm: 'EdDSA' }
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return { key, algorithm: 'ES256' }
  throw new Error('neither an Ed25519 nor a P-256 key')
}

/** Throws unless the text is the PEM of a private key that can sign access tokens. */
export const isSigningKey = (text: string) => readKey(text, createPrivateKey) !== undefined

/** Throws unless the text is a shared secret, or the PEM of a key that can verify access tokens. */
export const isVerificationKey = (text: string) =>
  !isPem(text) || readKey(text, createPublicKey) !== undefined

/** How long the identity provider may take to say where its keys are. */
const discoveryTimeoutMs = 5_000

export type OidcTokens = NonNullable<ReturnType<typeof oidcTokens>>

/**
 * Verifies access tokens of an OpenID Connect provider with the keys it publishes. Nothing where no
 * provider is configured.
 */
export function oidcTokens({ oidcIssuer: issuer, oidcAudience }: Config['auth']) {
  if (issuer === undefined || oidcAudience === undefined) return undefined
  let keys: ReturnType<typeof discoverKeys> | undefined

  return {
    issuer,

    /**
     * Gives what the token proves; `expiresAt` is in Unix milliseconds.
     *
     * @throws {UnauthorizedError} whatever is wrong with the token
     * @throws {ServiceUnavailableError} when the provider doesn't give its keys
     */
    async verify(token: string) {
      try {
        keys ??= discoverKeys(issuer).catch((error) => {
          keys = undefined
          throw error
        })
        const { payload } = await jwtVerify(token, await keys, {
          issuer,
          audience: oidcAudience,
          clockTolerance,
          requiredClaims: ['exp', 'sub'],
        })
        const { sub = '', exp = 0 } = payload
        return { subject: sub, expiresAt: exp * 1000 }
      } catch (error) {
        if (!isOutage(error)) throw refusedToken(error)
        const detail = 'The identity provider does not answer.'
        throw new ServiceUnavailableError(detail, 5, { cause: error })
      }
    },
  }
}

/** @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
async function discoverKeys(issuer: string) {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const signal = AbortSignal.timeout(discoveryTimeoutMs)
  const response = await fetch(url, { redirect: 'error', signal })
  if (!response.ok) throw new Error(`${url} answered with the status ${response.status}`)
  const { issuer: named, jwks_uri: keys } = (await response.json()) as Record<string, unknown>
  if (named !== issuer) throw new Error(`${url} belongs to another issuer`)
  const keysUrl = new URL(String(keys))
  if (keysUrl.protocol !== new URL(url).protocol) throw new Error(`${keysUrl} is not HTTPS`)
  // Fetches an unknown key at most every 30 s, and keeps keys for ten minutes.
  return createRemoteJWKSet(keysUrl)
}

/** Whether the provider's answer is at fault, and not the token. */
function isOutage(error: unknown): boolean {
  return (
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    // A status other than 200, or no JSON.
    error.code === errors.JOSEError.code
  )
}

/**
 * What is stored of a random token. It needs no salt, because nobody can guess 192 bits, and no
 * comparison in constant time, because a part of it doesn't help to find the token.
 */
export function fingerprint(token: string): string {
  return hash('sha256', token, 'base64url')
}

const challenge = `Bearer realm="${name}"`

/** 401 with a Bearer challenge (RFC 6750, section 3); `cause` is logged and never sent. */
export function unauthorized(detail = 'Authentication is required.', cause?: string) {
  return new UnauthorizedError(detail, challenge, cause && new Error(cause))
}

/** 401 for an access token that isn't valid. */
export function refusedToken(cause: unknown): UnauthorizedError {
  const expired = cause instanceof errors.JWTExpired
  const detail = expired ? 'The access token has expired.' : 'The access token is not valid.'
  const error = `error="invalid_token", error_description="${detail}"`
  return new UnauthorizedError(detail, `${challenge}, ${error}`, cause)
}
