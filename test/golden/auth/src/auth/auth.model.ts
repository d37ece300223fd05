import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import { defaultRoles } from './roles.ts'

const moment = () => timestamp({ precision: 3, withTimezone: true })
const userId = () =>
  uuid()
    .notNull()
    .references(() => authUsers.id, { onDelete: 'cascade' })

/** Accounts. Those of an identity provider have `issuer` and `subject` instead of a password. */
export const authUsers = pgTable(
  'auth_users',
  {
    id: uuid().primaryKey(),
    email: text().unique(),
    passwordHash: text(),
    issuer: text(),
    subject: text(),
    roles: text().array().notNull().default(defaultRoles),
    permissions: text().array().notNull().default([]),
    tier: text().notNull().default('standard'),
    disabledAt: moment(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    unique().on(table.issuer, table.subject),
    check('auth_users_email_lower_case', sql`${table.email} = lower(${table.email})`),
  ],
)

/** Sessions that haven't ended. Deleting one ends all of its tokens. */
export const authSessions = pgTable(
  'auth_sessions',
  {
    id: uuid().primaryKey(),
    userId: userId(),
    userAgent: text(),
    expiresAt: moment().notNull(),
    lastUsedAt: moment().notNull().defaultNow(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.userId), index().on(table.expiresAt)],
)

/** The refresh tokens of a session. Used ones stay, so that a stolen one gives itself away. */
export const authRefreshTokens = pgTable(
  'auth_refresh_tokens',
  {
    fingerprint: text().primaryKey(),
    sessionId: uuid()
      .notNull()
      .references(() => authSessions.id, { onDelete: 'cascade' }),
    usedAt: moment(),
  },
  (table) => [index().on(table.sessionId)],
)

/** Keys with which programs act for a user, within `scopes`. */
export const authApiKeys = pgTable(
  'auth_api_keys',
  {
    id: uuid().primaryKey(),
    userId: userId(),
    name: text().notNull(),
    fingerprint: text().notNull(),
    previousFingerprint: text(),
    previousUntil: moment(),
    scopes: text().array().notNull(),
    expiresAt: moment().notNull(),
    lastUsedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.userId)],
)

export type User = typeof authUsers.$inferSelect
export type Session = typeof authSessions.$inferSelect
export type ApiKey = typeof authApiKeys.$inferSelect
