import { index, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core'
import { authUsers } from './user.model.ts'

/** Logins that have not ended: all tokens that come from one of them go with it. */
export const authSessions = pgTable(
  'auth_sessions',
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    expiresAt: timestamp({ precision: 3, withTimezone: true }).notNull(),
    createdAt: timestamp({ precision: 3, withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.userId), index().on(table.expiresAt)],
)
