import { and, eq, inArray, isNull, lt, ne } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { uuidv7 } from '../http/uuid.ts'
import { authRefreshTokens } from './refresh-token.model.ts'
import { authSessions } from './session.model.ts'
import { authUsers } from './user.model.ts'

/** More logins that have expired are not removed at once: each has up to thousands of tokens. */
const batch = 10

/** The queries about logins; those of one refresh run in one transaction. */
export function sessionRepository(db: Database) {
  return {
    /** A login with its user. */
    async get(id: string) {
      const [row] = await db
        .select({ session: authSessions, user: authUsers })
        .from(authSessions)
        .innerJoin(authUsers, eq(authUsers.id, authSessions.userId))
        .where(eq(authSessions.id, id))
      return row
    },

    async create(userId: string, expiresAt: Date): Promise<string> {
      const id = uuidv7()
      await db.insert(authSessions).values({ id, userId, expiresAt })
      return id
    },

    async addToken(sessionId: string, fingerprint: string): Promise<void> {
      await db.insert(authRefreshTokens).values({ sessionId, fingerprint })
    },

    /** Uses a token up, unless it is used. */
    async useToken(fingerprint: string, usedAt: Date): Promise<boolean> {
      const rows = await db
        .update(authRefreshTokens)
        .set({ usedAt })
        .where(
          and(eq(authRefreshTokens.fingerprint, fingerprint), isNull(authRefreshTokens.usedAt)),
        )
        .returning()
      return rows.length > 0
    },

    /** A token, used or not. */
    async findToken(fingerprint: string) {
      const [row] = await db
        .select()
        .from(authRefreshTokens)
        .where(eq(authRefreshTokens.fingerprint, fingerprint))
      return row
    },

    /**
     * Locks the login of a token: it does not end before the transaction does, and whoever comes with
     * the same token waits. Before the token, as removing it does: otherwise two could wait for each
     * other.
     */
    async lockOf(fingerprint: string): Promise<string | undefined> {
      const ofToken = db
        .select({ id: authRefreshTokens.sessionId })
        .from(authRefreshTokens)
        .where(eq(authRefreshTokens.fingerprint, fingerprint))
      const [row] = await db
        .select({ id: authSessions.id })
        .from(authSessions)
        .where(inArray(authSessions.id, ofToken))
        .for('update')
      return row?.id
    },

    /** Ends a login: it goes, with its tokens. Tells whose it was, if it was there. */
    async remove(id: string): Promise<string | undefined> {
      const [row] = await db.delete(authSessions).where(eq(authSessions.id, id)).returning()
      return row?.userId
    },

    /** Ends all logins of a user, but perhaps one. */
    async removeAll(userId: string, except?: string): Promise<void> {
      const others = except === undefined ? undefined : ne(authSessions.id, except)
      await db.delete(authSessions).where(and(eq(authSessions.userId, userId), others))
    },

    /** Removes some logins of anybody that have ended by themselves; waits for none that is in use. */
    async removeExpired(now: Date): Promise<void> {
      const some = db
        .select({ id: authSessions.id })
        .from(authSessions)
        .where(lt(authSessions.expiresAt, now))
        .limit(batch)
        .for('update', { skipLocked: true })
      await db.delete(authSessions).where(inArray(authSessions.id, some))
    },
  }
}
