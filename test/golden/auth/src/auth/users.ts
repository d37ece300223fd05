import { and, arrayContains, asc, eq, isNull, ne, sql } from 'drizzle-orm'
import { type Database, transaction } from '../db/client.ts'
import { type ListQuery, listOf } from '../db/list.ts'
import { ConflictError, NotFoundError } from '../http/app-error.ts'
import { uuidv7 } from '../http/uuid.ts'
import { authApiKeys, authSessions, authUsers, type User } from './auth.model.ts'
import { admin } from './roles.ts'

export type NewUser = Partial<Omit<User, 'id' | 'createdAt' | 'updatedAt'>>
export type UserRepository = ReturnType<typeof userRepository>

/** An e-mail address in the form that accounts are stored and found by. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** Ends the sessions of a user, except one that may go on. */
export async function endSessions(db: Database, userId: string, except?: string): Promise<void> {
  const others = except === undefined ? undefined : ne(authSessions.id, except)
  await db.delete(authSessions).where(and(eq(authSessions.userId, userId), others))
}

/** The queries for accounts. */
export function userRepository(db: Database) {
  async function findOne(where: ReturnType<typeof eq> | undefined): Promise<User | undefined> {
    const [row] = await db.select().from(authUsers).where(where).limit(1)
    return row
  }

  return {
    get: (id: string) => findOne(eq(authUsers.id, id)),

    byEmail: (email: string) => findOne(eq(authUsers.email, normalizeEmail(email))),

    all: () => db.select().from(authUsers).orderBy(asc(authUsers.id)),

    async list({ email, ...query }: ListQuery & { email?: string }) {
      const filter = email === undefined ? {} : { email: normalizeEmail(email) }
      const { where, orderBy, limit, page } = listOf(authUsers, { ...query, ...filter })
      const select = db.select().from(authUsers).where(where)
      return page(await select.orderBy(...orderBy).limit(limit))
    },

    async create(values: NewUser): Promise<User> {
      const email = values.email == null ? null : normalizeEmail(values.email)
      const [row] = await db
        .insert(authUsers)
        .values({ ...values, id: uuidv7(), email })
        .returning()
      return row as User
    },

    /**
     * Changes an account. A new password ends its sessions; deactivating it also deletes its API
     * keys, so that activating it again brings neither back. All of it happens, or nothing.
     *
     * @throws {NotFoundError} when there is no such account
     * @throws {ConflictError} when it would leave the service without an active admin
     */
    update(id: string, values: NewUser): Promise<User> {
      return transaction(db, async (tx) => {
        if (values.disabledAt || values.roles?.includes(admin) === false) {
          // Locked, so that two admins can't deactivate each other at the same time.
          const admins = await tx
            .select({ id: authUsers.id })
            .from(authUsers)
            .where(and(arrayContains(authUsers.roles, [admin]), isNull(authUsers.disabledAt)))
            .orderBy(asc(authUsers.id))
            .for('update')
          if (admins.length === 1 && admins[0]?.id === id) {
            throw new ConflictError('This is the last active admin: make another one first.')
          }
        }
        const set = { ...values, updatedAt: sql`now()` }
        const [row] = await tx.update(authUsers).set(set).where(eq(authUsers.id, id)).returning()
        if (row === undefined) throw new NotFoundError('Account not found.')
        if (values.passwordHash || values.disabledAt) await endSessions(tx, id)
        if (values.disabledAt) await tx.delete(authApiKeys).where(eq(authApiKeys.userId, id))
        return row
      })
    },

    /** Stores another hash, unless the password of `user` has changed since it was read. */
    async replaceHash({ id, passwordHash }: User, newHash: string): Promise<boolean> {
      if (passwordHash === null) return false
      const rows = await db
        .update(authUsers)
        .set({ passwordHash: newHash, updatedAt: sql`now()` })
        .where(and(eq(authUsers.id, id), eq(authUsers.passwordHash, passwordHash)))
        .returning()
      return rows.length > 0
    },

    /** Keeps others from changing the account until the transaction ends. */
    async lock(id: string): Promise<User | undefined> {
      const user = db.select().from(authUsers).where(eq(authUsers.id, id))
      return (await user.for('no key update'))[0]
    },

    /** The account of a user of an identity provider; created on the first visit. */
    async ofSubject(issuer: string, subject: string, onCreate = () => {}): Promise<User> {
      const where = and(eq(authUsers.issuer, issuer), eq(authUsers.subject, subject))
      const found = await findOne(where)
      if (found) return found
      const values = { id: uuidv7(), issuer, subject }
      const insert = db.insert(authUsers).values(values).onConflictDoNothing()
      if ((await insert.returning()).length > 0) onCreate()
      return (await findOne(where)) as User
    },
  }
}
