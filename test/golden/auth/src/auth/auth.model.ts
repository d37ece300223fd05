import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { timestamp, timestamps } from '../db/columns.ts'
import { defaultRoles } from './roles.ts'

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
    disabledAt: timestamp(),
    ...timestamps,
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
    expiresAt: timestamp().notNull(),
    lastUsedAt: timestamp().notNull().default(sql`now()`),
    createdAt: timestamps.createdAt,
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
    usedAt: timestamp(),
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
    previousUntil: timestamp(),
    scopes: text().array().notNull(),
    expiresAt: timestamp().notNull(),
    lastUsedAt: timestamp(),
    createdAt: timestamps.createdAt,
  },
  (table) => [index().on(table.userId)],
)

export type User = typeof authUsers.$inferSelect
export type Session = typeof authSessions.$inferSelect
export type ApiKey = typeof authApiKeys.$inferSelect
