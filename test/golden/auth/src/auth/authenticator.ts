import { decodeJwt } from 'jose'
import type { Database } from '../db/client.ts'
import type { Identity } from '../http/route-policy.ts'
import type { AccessTokens } from './access-token.ts'
import type { ApiKeys } from './api-keys.ts'
import type { CredentialCache, Proof } from './credential-cache.ts'
import type { OidcProvider } from './oidc.ts'
import { fingerprint } from './opaque-token.ts'
import { refusedToken } from './refused.ts'
import { sessionRepository } from './session.repository.ts'
import { hasEnded } from './sessions.ts'
import type { User } from './user.model.ts'
import { userRepository } from './user.repository.ts'

/** What a request shows: a token of `Authorization: Bearer`, or a key of `X-API-Key`. */
export interface Credential {
  kind: 'token' | 'key'
  text: string
}

interface Parts {
  db: Database
  cache: CredentialCache
  keys: ApiKeys
  tokens: AccessTokens | undefined
  oidc: OidcProvider | undefined
}

/** Finds out who a credential belongs to. */
export class Authenticator {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whom the credential is known to belong to, without asking anybody. */
  known(credential: Credential): Identity | undefined {
    return this.#parts.cache.known(cacheKey(credential))
  }

  /**
   * Verifies the credential, and that it has not been taken back since.
   *
   * @throws {UnauthorizedError} when it is good for nothing
   * @throws whatever keeps the database or the identity provider from answering
   */
  verify(credential: Credential): Promise<Identity> {
    const { kind, text } = credential
    return this.#parts.cache.prove(cacheKey(credential), () =>
      kind === 'key' ? this.#parts.keys.verify(text) : this.#verifyToken(text),
    )
  }

  /** The issuer decides about the keys, so that none of ours verifies a token of theirs. */
  #verifyToken(token: string): Promise<Proof> {
    const { oidc } = this.#parts
    return oidc !== undefined && issuerOf(token) === oidc.issuer
      ? this.#verifyTheirs(token, oidc)
      : this.#verifyOurs(token)
  }

  async #verifyOurs(token: string): Promise<Proof> {
    const { db, tokens } = this.#parts
    if (tokens === undefined) throw refusedToken(new Error('unknown issuer'))
    const { sessionId, userId, expiresAt } = await tokens.verify(token)
    const login = await sessionRepository(db).get(sessionId)
    if (login?.user.id !== userId || hasEnded(login, new Date())) {
      throw refusedToken(new Error('the login has ended'))
    }
    const { session, user } = login
    const until = Math.min(expiresAt, session.expiresAt.getTime())
    return { identity: identityOf(user, { sessionId }), until }
  }

  async #verifyTheirs(token: string, oidc: OidcProvider): Promise<Proof> {
    const { subject, roles, expiresAt } = await oidc.verify(token)
    const user = await userRepository(this.#parts.db).ofSubject(oidc.issuer, subject)
    if (user.disabledAt !== null) throw refusedToken(new Error('disabled account'))
    const all = [...new Set([...user.roles, ...roles])]
    return { identity: identityOf(user, { roles: all }), until: expiresAt }
  }
}

/** The kind is a part of it: a token is not good as a key because it was good as a token. */
function cacheKey({ kind, text }: Credential): string {
  return `${kind} ${fingerprint(text)}`
}

/** What the token says, before anything of it is verified. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

function identityOf(user: User, more: Pick<Partial<Identity>, 'sessionId' | 'roles'>): Identity {
  const { id, roles, permissions, tier } = user
  return Object.freeze({ kind: 'user', userId: id, roles, permissions, tier, ...more })
}
