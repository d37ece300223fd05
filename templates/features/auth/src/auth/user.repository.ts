import { and, asc, eq, sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { uuidv7 } from '../http/uuid.ts'
import { authUsers, type User } from './user.model.ts'

export type NewUser = Partial<Omit<User, 'id' | 'createdAt' | 'updatedAt'>>
export type UserRepository = ReturnType<typeof userRepository>

/** An e-mail address as accounts are found by it. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** The queries about accounts. */
export function userRepository(db: Database) {
  async function one(where: ReturnType<typeof eq> | undefined): Promise<User | undefined> {
    const [row] = await db.select().from(authUsers).where(where).limit(1)
    return row
  }

  return {
    get: (id: string) => one(eq(authUsers.id, id)),

    byEmail: (email: string) => one(eq(authUsers.email, normalEmail(email))),

    list: () => db.select().from(authUsers).orderBy(asc(authUsers.id)),

    async create(values: NewUser): Promise<User> {
      const email = values.email == null ? null : normalEmail(values.email)
      const [row] = await db
        .insert(authUsers)
        .values({ ...values, id: uuidv7(), email })
        .returning()
      return row as User
    },

    async update(id: string, values: NewUser): Promise<User | undefined> {
      const [row] = await db
        .update(authUsers)
        .set({ ...values, updatedAt: sql`now()` })
        .where(eq(authUsers.id, id))
        .returning()
      return row
    },

    /** Sets another password, unless it is not the one of `user` any more. */
    async replaceHash(user: User, passwordHash: string): Promise<User | undefined> {
      const { id, passwordHash: before } = user
      if (before === null) return undefined
      const [row] = await db
        .update(authUsers)
        .set({ passwordHash, updatedAt: sql`now()` })
        .where(and(eq(authUsers.id, id), eq(authUsers.passwordHash, before)))
        .returning()
      return row
    },

    /** Keeps others from changing the account before the transaction ends, or from locking it too. */
    async lock(id: string, strength: 'share' | 'no key update'): Promise<User | undefined> {
      const [row] = await db.select().from(authUsers).where(eq(authUsers.id, id)).for(strength)
      return row
    },

    /** The account of somebody whom an identity provider knows; made when they come first. */
    async ofSubject(issuer: string, subject: string): Promise<User> {
      const where = and(eq(authUsers.issuer, issuer), eq(authUsers.subject, subject))
      const found = await one(where)
      if (found) return found
      await db.insert(authUsers).values({ id: uuidv7(), issuer, subject }).onConflictDoNothing()
      return (await one(where)) as User
    },
  }
}
