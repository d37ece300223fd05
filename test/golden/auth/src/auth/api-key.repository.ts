import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { type ApiKey, authApiKeys } from './api-key.model.ts'
import { authUsers } from './user.model.ts'

export type NewApiKey = Pick<
  ApiKey,
  'id' | 'userId' | 'name' | 'fingerprint' | 'scopes' | 'expiresAt'
>

/** `lastUsedAt` is written at most once in so many ms. */
const precision = 60_000

/** The queries about API keys. Those with a `userId` reach only keys of that user. */
export function apiKeyRepository(db: Database) {
  const own = (userId: string, id: string) =>
    and(eq(authApiKeys.id, id), eq(authApiKeys.userId, userId))

  return {
    /** A key with its user. */
    async get(id: string) {
      const [row] = await db
        .select({ key: authApiKeys, user: authUsers })
        .from(authApiKeys)
        .innerJoin(authUsers, eq(authUsers.id, authApiKeys.userId))
        .where(eq(authApiKeys.id, id))
      return row
    },

    list: (userId: string) =>
      db
        .select()
        .from(authApiKeys)
        .where(eq(authApiKeys.userId, userId))
        .orderBy(desc(authApiKeys.id)),

    async create(values: NewApiKey): Promise<ApiKey> {
      const [row] = await db.insert(authApiKeys).values(values).returning()
      return row as ApiKey
    },

    count: (userId: string) => db.$count(authApiKeys, eq(authApiKeys.userId, userId)),

    /**
     * Gives a key that has not expired another secret; the one before is good until
     * `previousUntil`.
     */
    async rotate(userId: string, id: string, fingerprint: string, previousUntil: Date) {
      const previousFingerprint = sql`${authApiKeys.fingerprint}`
      const [row] = await db
        .update(authApiKeys)
        .set({ fingerprint, previousFingerprint, previousUntil })
        .where(and(own(userId, id), gt(authApiKeys.expiresAt, new Date())))
        .returning()
      return row
    },

    async remove(userId: string, id: string): Promise<boolean> {
      const rows = await db.delete(authApiKeys).where(own(userId, id)).returning()
      return rows.length > 0
    },

    /** Removes all keys of a user; tells how many there were. */
    async removeAll(userId: string): Promise<number> {
      const rows = await db.delete(authApiKeys).where(eq(authApiKeys.userId, userId)).returning()
      return rows.length
    },

    async touch(id: string, now: Date): Promise<void> {
      const { lastUsedAt } = authApiKeys
      const before = new Date(now.getTime() - precision)
      await db
        .update(authApiKeys)
        .set({ lastUsedAt: now })
        .where(and(eq(authApiKeys.id, id), or(isNull(lastUsedAt), lt(lastUsedAt, before))))
    },
  }
}
