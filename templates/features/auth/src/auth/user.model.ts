import { sql } from 'drizzle-orm'
import { check, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'

/** Who has an account. One of an identity provider has `issuer` and `subject` in place of a password. */
export const authUsers = pgTable(
  'auth_users',
  {
    id: uuid().primaryKey(),
    email: text().unique(),
    passwordHash: text(),
    issuer: text(),
    subject: text(),
    roles: text().array().notNull().default([]),
    permissions: text().array().notNull().default([]),
    tier: text().notNull().default('standard'),
    disabledAt: timestamp({ precision: 3, withTimezone: true }),
    createdAt: timestamp({ precision: 3, withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ precision: 3, withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique().on(table.issuer, table.subject),
    check('auth_users_email_lower_case', sql`${table.email} = lower(${table.email})`),
  ],
)

/** A row of it. */
export type User = typeof authUsers.$inferSelect
