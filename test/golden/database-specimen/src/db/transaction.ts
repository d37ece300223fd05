import { setTimeout as sleep } from 'node:timers/promises'
import { PgTransaction, type PgTransactionConfig } from 'drizzle-orm/pg-core'
import type { Database } from './client.ts'
import { sqlState } from './errors.ts'

export interface TransactionOptions extends PgTransactionConfig {
  /** Maximum number of runs, 3 by default. */
  attempts?: number
}

const serializationFailure = '40001'
const deadlock = '40P01'

/**
 * Runs `work` in one transaction: all of it happens, or nothing.
 *
 * After a conflict with another transaction it runs again, so `work` must do nothing that can't be
 * repeated (no e-mail, no call to another service). Inside, use `tx` and never the outer `db`: that
 * is another connection, and on PGlite it waits for itself forever. A nested call is a savepoint and
 * runs once.
 */
export async function transaction<T>(
  db: Database,
  work: (tx: Database) => Promise<T>,
  { attempts = 3, isolationLevel = 'read committed', ...rest }: TransactionOptions = {},
): Promise<T> {
  const allowed = db instanceof PgTransaction ? 1 : attempts
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work, { isolationLevel, ...rest })
    } catch (error) {
      const state = sqlState(error)
      const conflict = state === serializationFailure || state === deadlock
      if (!conflict || attempt >= allowed) throw error
      await sleep(Math.random() * 20 * 2 ** attempt)
    }
  }
}
