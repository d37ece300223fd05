import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { authSessions } from './session.model.ts'

/** Every refresh token of a login, the used ones too: they tell when one is stolen. */
export const authRefreshTokens = pgTable(
  'auth_refresh_tokens',
  {
    fingerprint: text().primaryKey(),
    sessionId: uuid()
      .notNull()
      .references(() => authSessions.id, { onDelete: 'cascade' }),
    usedAt: timestamp({ precision: 3, withTimezone: true }),
  },
  (table) => [index().on(table.sessionId)],
)
