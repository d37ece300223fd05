import { index, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core'
import { authUsers } from './user.model.ts'

/** Logins: all tokens that come from one of them end with it. */
export const authSessions = pgTable(
  'auth_sessions',
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    expiresAt: timestamp({ precision: 3, withTimezone: true }).notNull(),
    revokedAt: timestamp({ precision: 3, withTimezone: true }),
    createdAt: timestamp({ precision: 3, withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.userId)],
)
