import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/index.ts'
import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import type { AccessTokens } from './access-token.ts'
import { changeAndEndLogins } from './account-changes.ts'
import type { CredentialCache } from './credential-cache.ts'
import { fingerprint, newRefreshToken } from './opaque-token.ts'
import { refusedRefresh } from './refused.ts'
import { sessionRepository } from './session.repository.ts'
import type { User } from './user.model.ts'
import { userRepository } from './user.repository.ts'

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

  /** Nothing if the password has changed, or the account is disabled, since `user` was read. */
  async begin(user: User): Promise<Tokens | undefined> {
    const now = Date.now()
    const refreshToken = newRefreshToken()
    const sessionId = await transaction(this.#db, async (tx) => {
      const current = await userRepository(tx).lock(user.id, 'share')
      if (current?.passwordHash !== user.passwordHash || current.disabledAt) return undefined
      const sessions = sessionRepository(tx)
      await sessions.removeExpired(new Date(now))
      const expiresAt = new Date(now + this.#settings.refreshTokenTtl * 1000)
      const id = await sessions.create(user.id, expiresAt)
      await sessions.addToken(id, fingerprint(refreshToken))
      return id
    })
    if (sessionId === undefined) return undefined
    return this.#issue(user, sessionId, refreshToken)
  }

  /**
   * Exchanges a refresh token for new tokens; each is good once. One that was used before was
   * perhaps stolen, by whoever came first or by whoever comes now, so the login ends for both.
   *
   * @param log told when a login ends for that
   * @throws {UnauthorizedError} when the token is good for nothing
   */
  async refresh(token: string, log: FastifyBaseLogger): Promise<Tokens> {
    const now = new Date()
    const used = fingerprint(token)
    const refreshToken = newRefreshToken()
    const found = await transaction(this.#db, async (tx) => {
      const sessions = sessionRepository(tx)
      const id = await sessions.lockOf(used)
      if (id === undefined || !(await sessions.useToken(used, now))) return undefined
      const login = await sessions.get(id)
      if (login === undefined || hasEnded(login, now)) return undefined
      await sessions.addToken(id, fingerprint(refreshToken))
      return login
    })
    if (found) return this.#issue(found.user, found.session.id, refreshToken)
    await this.#suspect(used, now, log)
    throw refusedRefresh('unknown, used, or of a login that has ended')
  }

  /** Ends one login, at once in this process. */
  async end(sessionId: string): Promise<void> {
    await this.#remove(sessionId)
  }

  /** Ends every login of a user, but perhaps that of `except`. */
  async endAll(userId: string, except?: string): Promise<void> {
    await sessionRepository(this.#db).removeAll(userId, except)
    this.#forgetAll(userId, except)
  }

  /**
   * Sets another password, and ends every login of the user, but perhaps that of `except`. Nothing
   * happens if the password is not the one of `user` any more.
   */
  async changePassword(user: User, passwordHash: string, except?: string): Promise<boolean> {
    const changed = await changeAndEndLogins(
      this.#db,
      (users) => users.replaceHash(user, passwordHash),
      except,
    )
    this.#forgetAll(user.id, except)
    return changed !== undefined
  }

  /** Two tabs that refresh at the same time are no thief; the later one gets nothing, though. */
  async #suspect(used: string, now: Date, log: FastifyBaseLogger): Promise<void> {
    const token = await sessionRepository(this.#db).findToken(used)
    if (token === undefined || token.usedAt === null) return
    const graceMs = this.#settings.refreshGrace * 1000
    // Without grace the age does not count: clocks of two machines may differ.
    if (graceMs > 0 && now.getTime() - token.usedAt.getTime() < graceMs) return
    const user = await this.#remove(token.sessionId)
    const { sessionId: session } = token
    if (user !== undefined) log.warn({ session, user }, 'refresh token used twice, login ended')
  }

  async #remove(sessionId: string): Promise<string | undefined> {
    const userId = await sessionRepository(this.#db).remove(sessionId)
    this.#cache.forget((identity) => identity.sessionId === sessionId)
    return userId
  }

  #forgetAll(userId: string, except: string | undefined): void {
    this.#cache.forget((it) => it.userId === userId && it.sessionId !== except)
  }

  async #issue(user: User, sessionId: string, refreshToken: string): Promise<Tokens> {
    const accessToken = await this.#tokens.sign(user, sessionId)
    return { accessToken, refreshToken, expiresIn: this.#tokens.ttl }
  }
}

interface Login {
  session: { expiresAt: Date }
  user: User
}

/** Whether a login that is still there is over: grown old, or of a disabled account. */
export function hasEnded({ session, user }: Login, now: Date): boolean {
  return session.expiresAt <= now || user.disabledAt !== null
}
