import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { decodeJwt } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Database } from '../db/client.ts'
import type { Identify, Identity } from '../http/route-policy.ts'
import type { ApiKeys } from './api-keys.ts'
import type { User } from './auth.model.ts'
import { type AuthMetrics, counted } from './metrics.ts'
import { rightsOf } from './roles.ts'
import { findSession } from './sessions.ts'
import {
  type AccessTokens,
  fingerprint,
  type OidcTokens,
  refusedToken,
  unauthorized,
} from './tokens.ts'
import { userRepository } from './users.ts'

/** A verified identity, and until when it may be believed, in Unix milliseconds. */
export type Proof = { identity: Identity; until: number }

/** How long other processes may not notice that a credential was revoked. */
const cacheTtlMs = 10_000

/** Credentials in use at the same time; beyond that, some are verified more often. */
const maxCached = 10_000

/** Remembers verified credentials, so that most requests cost neither a signature nor a query. */
export class CredentialCache {
  readonly #proofs = new LRUCache<string, Proof>({ max: maxCached })
  #revocations = 0

  get(key: string): Identity | undefined {
    const proof = this.#proofs.get(key)
    return proof !== undefined && Date.now() < proof.until ? proof.identity : undefined
  }

  /** Runs `check` and remembers its outcome. Failures aren't remembered. */
  async prove(key: string, check: () => Promise<Proof>): Promise<Identity> {
    const latest = Date.now() + cacheTtlMs
    const revocations = this.#revocations
    const { identity, until } = await check()
    // In-flight checks may be stale after a revocation, so their result isn't cached.
    if (revocations === this.#revocations) {
      this.#proofs.set(key, { identity, until: Math.min(until, latest) })
    }
    return identity
  }

  /** Forgets what was revoked, at once in this process. */
  forget(matches: (identity: Identity) => boolean): void {
    this.#revocations += 1
    for (const [key, { identity }] of this.#proofs.entries()) {
      if (matches(identity)) this.#proofs.delete(key)
    }
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Why the request's credentials are refused; null if they are good or nobody asked. */
    refusal: unknown
  }
}

/** Makes the function that sets `request.identity` or `request.refusal`, once a request. */
export function identifyWith(
  db: Database,
  cache: CredentialCache,
  keys: ApiKeys,
  metrics: AuthMetrics,
  tokens?: AccessTokens,
  oidc?: OidcTokens,
): Identify {
  async function verifyToken(token: string): Promise<Proof> {
    // The issuer decides on the keys, so that none of ours verifies a token of theirs.
    if (oidc && issuerOf(token) === oidc.issuer) {
      const { subject, expiresAt } = await oidc.verify(token)
      const user = await userRepository(db).ofSubject(oidc.issuer, subject, () => {
        metrics.registrations.with({ source: 'identity_provider' }).inc()
      })
      if (user.disabledAt !== null) throw refusedToken(new Error('deactivated account'))
      return { identity: identityOf(user), until: expiresAt }
    }
    if (tokens === undefined) throw refusedToken(new Error('unknown issuer'))
    const { userId, sessionId, expiresAt } = await tokens.verify(token)
    const found = await findSession(db, sessionId)
    if (found?.user.id !== userId) throw refusedToken(new Error('the session has ended'))
    const until = Math.min(expiresAt, found.session.expiresAt.getTime())
    return { identity: { ...identityOf(found.user), sessionId }, until }
  }

  const hits = metrics.cacheHits.with({ result: 'hit' })
  const misses = metrics.cacheHits.with({ result: 'miss' })

  return (request, done) => {
    if (request.identity !== null || request.refusal !== null) return done()
    const credential = readCredential(request.raw.headers)
    if (credential === undefined) return done()
    const { kind, text } = credential
    const cacheKey = `${kind} ${fingerprint(text)}`
    request.identity = cache.get(cacheKey) ?? null
    if (request.identity !== null) {
      hits.inc()
      return done()
    }
    misses.inc()
    const verify = kind === 'token' ? verifyToken : keys.verify
    const prove = async () => {
      try {
        const check = () => counted(metrics, kind, () => verify(text))
        request.identity = await cache.prove(cacheKey, check)
      } catch (error) {
        request.refusal = error
      }
    }
    prove().then(done)
  }
}

/**
 * The caller, for the handler of a route that declares `access`.
 *
 * @throws {UnauthorizedError} when the route declares none, and the caller is unknown
 */
export function callerOf({ identity, refusal }: Pick<FastifyRequest, 'identity' | 'refusal'>) {
  if (identity === null) throw refusal ?? unauthorized()
  return identity
}

/** The credential of a request, if it has one. What can't be one is refused like a bad token. */
function readCredential({ authorization, 'x-api-key': key }: IncomingHttpHeaders) {
  if (authorization === undefined)
    return key === undefined ? undefined : ({ kind: 'api_key', text: String(key) } as const)
  const [, token = ''] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? []
  // Of two credentials, either one could be meant.
  return { kind: 'token', text: key === undefined ? token : '' } as const
}

/** What the token claims, before any of it is verified. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

function identityOf(user: User): Identity {
  return { kind: 'user', userId: user.id, ...rightsOf(user), tier: user.tier }
}
