import { randomBytes } from 'node:crypto'
import { and, desc, eq, gt, inArray, isNull, lt } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import { type Database, transaction } from '../db/client.ts'
import { ForbiddenError } from '../http/app-error.ts'
import { uuidv7 } from '../http/uuid.ts'
import {
  authRefreshTokens,
  authSessions,
  authUsers,
  type Session,
  type User,
} from './auth.model.ts'
import type { CredentialCache } from './authenticator.ts'
import type { Passwords } from './passwords.ts'
import { type AccessTokens, fingerprint, unauthorized } from './tokens.ts'
import { endSessions, userRepository } from './users.ts'

/** Two tabs that refresh within this time aren't taken for a theft. */
const graceMs = 10_000

/** Expired sessions to delete at a time: each may have thousands of tokens. */
const cleanupBatch = 10

const maxUserAgentLength = 200

/** A login may find that another one has just rehashed the password; then it tries again. */
const maxLoginTries = 2

/**
 * Sessions begin with a login, go on by refreshing, and end for good.
 *
 * @param ttl lifetime of a session, in seconds
 */
export function sessionStore(
  db: Database,
  tokens: AccessTokens,
  passwords: Passwords,
  cache: CredentialCache,
  ttl: number,
) {
  const users = userRepository(db)

  /** Issues the next tokens of a session. `expiresIn` is in seconds. */
  async function issue(tx: Database, user: User, sessionId: string) {
    const refreshToken = `rt_${randomBytes(32).toString('base64url')}`
    await tx.insert(authRefreshTokens).values({ sessionId, fingerprint: fingerprint(refreshToken) })
    const accessToken = await tokens.sign(user, sessionId)
    return { accessToken, tokenType: 'Bearer' as const, refreshToken, expiresIn: tokens.ttl }
  }

  async function findToken(token: string) {
    const [row] = await db
      .select()
      .from(authRefreshTokens)
      .where(eq(authRefreshTokens.fingerprint, fingerprint(token)))
    return row
  }

  /**
   * Ends a session with all its tokens, at once in this process.
   *
   * @param userId ends it only if it belongs to this user
   */
  async function end(id: string, userId?: string): Promise<Session | undefined> {
    const owned = userId === undefined ? undefined : eq(authSessions.userId, userId)
    const where = and(eq(authSessions.id, id), owned)
    const [ended] = await db.delete(authSessions).where(where).returning()
    cache.forget(({ sessionId }) => sessionId === id)
    return ended
  }

  /** Nothing if the password has changed, or the account was deactivated, since it was read. */
  function begin(user: User, userAgent?: string) {
    return transaction(db, async (tx) => {
      const current = await userRepository(tx).lock(user.id)
      if (current?.passwordHash !== user.passwordHash || current.disabledAt) return undefined
      await deleteExpired(tx)
      const id = uuidv7()
      const expiresAt = new Date(Date.now() + ttl * 1000)
      const session = { id, userId: user.id, userAgent: userAgent?.slice(0, maxUserAgentLength) }
      await tx.insert(authSessions).values({ ...session, expiresAt })
      return issue(tx, user, id)
    })
  }

  return {
    begin,
    end,

    /**
     * Begins a session with an e-mail address and a password.
     *
     * @throws {UnauthorizedError} the same one, whatever is wrong
     */
    async logIn(email: string, password: string, userAgent?: string) {
      for (let tries = 1; tries <= maxLoginTries; tries += 1) {
        const user = await users.byEmail(email)
        const matches = await passwords.verify(password, user?.passwordHash ?? null)
        // A deactivated account shows only to those who know its password.
        if (!user?.passwordHash || !matches || user.disabledAt !== null) break
        const issued = await begin(user, userAgent)
        if (issued === undefined) continue
        if (passwords.isOutdated(user.passwordHash)) {
          await users.replaceHash(user, await passwords.hash(password))
        }
        return issued
      }
      const reason = 'unknown account, another password, deactivated, or changed meanwhile'
      throw unauthorized('The e-mail address or the password is wrong.', reason)
    },

    /**
     * Exchanges a refresh token for new tokens; each works once. One that comes a second time was
     * stolen, by the first sender or by the second, so the session ends for both.
     *
     * @param log told when a session ends for that reason
     * @throws {UnauthorizedError} when the token isn't valid
     */
    async refresh(token: string, log: FastifyBaseLogger) {
      const now = new Date()
      const issued = await transaction(db, async (tx) => {
        const found = await useToken(tx, token, now)
        return found && issue(tx, found.user, found.session.id)
      })
      if (issued) return issued
      const { sessionId, usedAt } = (await findToken(token)) ?? {}
      if (sessionId && usedAt && now.getTime() - usedAt.getTime() >= graceMs) {
        const ended = await end(sessionId)
        const details = { session: sessionId, user: ended?.userId }
        if (ended) log.warn(details, 'refresh token used twice, session ended')
      }
      throw unauthorized('The refresh token is not valid.', 'unknown, used, or its session ended')
    },

    list(userId: string) {
      const sessions = db.select().from(authSessions).where(eq(authSessions.userId, userId))
      return sessions.orderBy(desc(authSessions.lastUsedAt))
    },

    /** Ends the session of a refresh token, used or not; one that is unknown changes nothing. */
    async endByRefreshToken(token: string): Promise<void> {
      const found = await findToken(token)
      if (found) await end(found.sessionId)
    },

    /**
     * Changes a password and ends the other sessions of the user, both or neither.
     *
     * @param sessionId the session that goes on
     * @throws {ForbiddenError} when `current` isn't the password
     */
    async changePassword(userId: string, current: string, next: string, sessionId?: string) {
      const user = await users.get(userId)
      const matches = await passwords.verify(current, user?.passwordHash ?? null)
      const wrong = new ForbiddenError('The current password is wrong.')
      if (!user || !matches) throw wrong
      const hash = await passwords.hash(next)
      await transaction(db, async (tx) => {
        if (!(await userRepository(tx).replaceHash(user, hash))) throw wrong
        await endSessions(tx, userId, sessionId)
      })
      cache.forget((identity) => identity.userId === userId && identity.sessionId !== sessionId)
    },
  }
}

/** A session that hasn't ended or expired, with its user, who isn't deactivated. */
export async function findSession(db: Database, id: string) {
  const isActive = and(gt(authSessions.expiresAt, new Date()), isNull(authUsers.disabledAt))
  const [row] = await db
    .select({ session: authSessions, user: authUsers })
    .from(authSessions)
    .innerJoin(authUsers, eq(authUsers.id, authSessions.userId))
    .where(and(eq(authSessions.id, id), isActive))
  return row
}

/**
 * Marks a token as used, and finds its session; nothing if it is unknown or was used before. It
 * locks the session before the token, as deleting does, so that no two transactions deadlock.
 */
async function useToken(tx: Database, token: string, usedAt: Date) {
  const isToken = eq(authRefreshTokens.fingerprint, fingerprint(token))
  const sessionIds = tx.select({ id: authRefreshTokens.sessionId }).from(authRefreshTokens)
  const [session] = await tx
    .update(authSessions)
    .set({ lastUsedAt: usedAt })
    .where(inArray(authSessions.id, sessionIds.where(isToken)))
    .returning()
  const unused = and(isToken, isNull(authRefreshTokens.usedAt))
  const used = await tx.update(authRefreshTokens).set({ usedAt }).where(unused).returning()
  return session && used.length > 0 ? findSession(tx, session.id) : undefined
}

/** Deletes some expired sessions of anyone, skipping those that are in use. */
async function deleteExpired(tx: Database): Promise<void> {
  const some = tx
    .select({ id: authSessions.id })
    .from(authSessions)
    .where(lt(authSessions.expiresAt, new Date()))
    .limit(cleanupBatch)
    .for('update', { skipLocked: true })
  await tx.delete(authSessions).where(inArray(authSessions.id, some))
}
