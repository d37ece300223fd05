import { and, eq, isNull, lt, ne, type SQL } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { uuidv7 } from '../uuid.ts'
import { authRefreshTokens } from './refresh-token.model.ts'
import { authSessions } from './session.model.ts'
import { authUsers } from './user.model.ts'

/** The queries about logins; those of one refresh run in one transaction. */
export function sessionRepository(db: Database) {
  async function withUser(where: SQL | undefined) {
    const [row] = await db
      .select({ session: authSessions, user: authUsers })
      .from(authSessions)
      .innerJoin(authUsers, eq(authUsers.id, authSessions.userId))
      .where(where)
      .limit(1)
    return row
  }

  return {
    /** A login with its user. */
    get: (id: string) => withUser(eq(authSessions.id, id)),

    async create(userId: string, expiresAt: Date): Promise<string> {
      const id = uuidv7()
      await db.insert(authSessions).values({ id, userId, expiresAt })
      return id
    },

    async addToken(sessionId: string, fingerprint: string): Promise<void> {
      await db.insert(authRefreshTokens).values({ sessionId, fingerprint })
    },

    /** Uses a token up. Of two at the same time one waits for the other, and finds it used. */
    async useToken(fingerprint: string, usedAt: Date): Promise<string | undefined> {
      const { sessionId } = authRefreshTokens
      const [row] = await db
        .update(authRefreshTokens)
        .set({ usedAt })
        .where(
          and(eq(authRefreshTokens.fingerprint, fingerprint), isNull(authRefreshTokens.usedAt)),
        )
        .returning({ sessionId })
      return row?.sessionId
    },

    /** A token, used or not. */
    async findToken(fingerprint: string) {
      const [row] = await db
        .select()
        .from(authRefreshTokens)
        .where(eq(authRefreshTokens.fingerprint, fingerprint))
      return row
    },

    /** Locks a login, so that it cannot end before the transaction does. */
    async lock(id: string): Promise<void> {
      await db.select().from(authSessions).where(eq(authSessions.id, id)).for('update')
    },

    async revoke(id: string, at: Date): Promise<void> {
      await db.update(authSessions).set({ revokedAt: at }).where(eq(authSessions.id, id))
    },

    /** All logins of a user, but perhaps one. */
    async revokeAll(userId: string, at: Date, except?: string): Promise<void> {
      const others = except === undefined ? undefined : ne(authSessions.id, except)
      await db
        .update(authSessions)
        .set({ revokedAt: at })
        .where(and(eq(authSessions.userId, userId), isNull(authSessions.revokedAt), others))
    },

    /** Removes logins of a user that have ended by themselves, with all their tokens. */
    async removeExpired(userId: string, now: Date): Promise<void> {
      const { userId: owner, expiresAt } = authSessions
      await db.delete(authSessions).where(and(eq(owner, userId), lt(expiresAt, now)))
    },
  }
}
