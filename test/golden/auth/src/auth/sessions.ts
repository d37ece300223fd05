import type { Config } from '../config/index.ts'
import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import type { AccessTokens } from './access-token.ts'
import type { CredentialCache } from './credential-cache.ts'
import { fingerprint, newRefreshToken } from './opaque-token.ts'
import { refusedRefresh } from './refused.ts'
import { sessionRepository } from './session.repository.ts'
import type { User } from './user.model.ts'

/** What somebody gets who has logged in. */
export interface Tokens {
  accessToken: string
  refreshToken: string
  /** How long the access token is good, in seconds. */
  expiresIn: number
}

type Settings = Pick<Config['auth'], 'refreshTokenTtl' | 'refreshGrace'>

/** Logins: they begin with a password, go on by refreshing, and end for good. */
export class Sessions {
  readonly #db: Database
  readonly #tokens: AccessTokens
  readonly #cache: CredentialCache
  readonly #settings: Settings

  constructor(db: Database, tokens: AccessTokens, cache: CredentialCache, settings: Settings) {
    this.#db = db
    this.#tokens = tokens
    this.#cache = cache
    this.#settings = settings
  }

  async begin(user: User): Promise<Tokens> {
    const now = Date.now()
    const refreshToken = newRefreshToken()
    const sessionId = await transaction(this.#db, async (tx) => {
      const sessions = sessionRepository(tx)
      await sessions.removeExpired(user.id, new Date(now))
      const expiresAt = new Date(now + this.#settings.refreshTokenTtl * 1000)
      const id = await sessions.create(user.id, expiresAt)
      await sessions.addToken(id, fingerprint(refreshToken))
      return id
    })
    return this.#issue(user, sessionId, refreshToken)
  }

  /**
   * Exchanges a refresh token for new tokens; each is good once. One that was used before was
   * perhaps stolen, by whoever came first or by whoever comes now, so the login ends for both.
   *
   * @throws {UnauthorizedError} when the token is good for nothing
   */
  async refresh(token: string): Promise<Tokens> {
    const now = new Date()
    const used = fingerprint(token)
    const refreshToken = newRefreshToken()
    const found = await transaction(this.#db, async (tx) => {
      const sessions = sessionRepository(tx)
      const id = await sessions.useToken(used, now)
      if (id === undefined) return undefined
      await sessions.lock(id)
      const login = await sessions.get(id)
      if (login === undefined || hasEnded(login, now)) return undefined
      await sessions.addToken(id, fingerprint(refreshToken))
      return login
    })
    if (found) return this.#issue(found.user, found.session.id, refreshToken)
    await this.#suspect(used, now)
    throw refusedRefresh('unknown, used, or of a login that has ended')
  }

  /** Ends one login, at once in this process. */
  async end(sessionId: string): Promise<void> {
    await sessionRepository(this.#db).revoke(sessionId, new Date())
    this.#cache.forget((identity) => identity.sessionId === sessionId)
  }

  /** Ends every login of a user, but perhaps that of `except`. */
  async endAll(userId: string, except?: string): Promise<void> {
    await sessionRepository(this.#db).revokeAll(userId, new Date(), except)
    this.#cache.forget((it) => it.userId === userId && it.sessionId !== except)
  }

  /** Two tabs that refresh at the same time are no thief; the later one gets nothing, though. */
  async #suspect(used: string, now: Date): Promise<void> {
    const token = await sessionRepository(this.#db).findToken(used)
    if (token === undefined || token.usedAt === null) return
    const age = now.getTime() - token.usedAt.getTime()
    if (age >= this.#settings.refreshGrace * 1000) await this.end(token.sessionId)
  }

  async #issue(user: User, sessionId: string, refreshToken: string): Promise<Tokens> {
    const accessToken = await this.#tokens.sign(user, sessionId)
    return { accessToken, refreshToken, expiresIn: this.#tokens.ttl }
  }
}

interface Login {
  session: { revokedAt: Date | null; expiresAt: Date }
  user: User
}

/** Whether a login is over: logged out, grown old, or of a disabled account. */
export function hasEnded({ session, user }: Login, now: Date): boolean {
  return session.revokedAt !== null || session.expiresAt <= now || user.disabledAt !== null
}
