import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { authUsers } from './user.model.ts'

/** Keys with which programs act for a user, within `scopes`. */
export const authApiKeys = pgTable(
  'auth_api_keys',
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    fingerprint: text().notNull(),
    previousFingerprint: text(),
    previousUntil: timestamp({ precision: 3, withTimezone: true }),
    scopes: text().array().notNull(),
    expiresAt: timestamp({ precision: 3, withTimezone: true }).notNull(),
    lastUsedAt: timestamp({ precision: 3, withTimezone: true }),
    createdAt: timestamp({ precision: 3, withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.userId)],
)

/** A row of it. */
export type ApiKey = typeof authApiKeys.$inferSelect
