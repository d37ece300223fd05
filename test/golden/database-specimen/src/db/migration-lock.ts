import { setTimeout as sleep } from 'node:timers/promises'
import { StartupError } from '../startup-error.ts'
import type { Connection } from './client.ts'

const lockArguments = "hashtext('schema_migrations'), hashtext(current_schema())"
const pollInterval = 200

export interface MigrationLockOptions {
  /** How long to wait for another migrator, in milliseconds; 10 minutes by default. */
  patience?: number
  /** Called once if another migrator is at work. */
  onWait?: () => void
}

/**
 * Runs `work` while no other replica migrates this schema.
 * It asks again and again: a session that waits inside the database holds a snapshot, for which a
 * `CREATE INDEX CONCURRENTLY` of the other one would wait in turn.
 */
export async function withMigrationLock<T>(
  connection: Connection,
  work: () => Promise<T>,
  { patience = 600_000, onWait = () => {} }: MigrationLockOptions = {},
): Promise<T> {
  const deadline = performance.now() + patience
  for (let attempt = 0; !(await tryLock(connection)); attempt += 1) {
    if (attempt === 0) onWait()
    if (performance.now() > deadline) {
      const seconds = patience / 1000
      throw new StartupError(`Another process has been migrating for over ${seconds} s.`)
    }
    await sleep(pollInterval)
  }
  try {
    return await work()
  } finally {
    // Fails only with the connection, and then the lock is gone as well.
    await connection.query(`SELECT pg_advisory_unlock(${lockArguments})`).catch(() => {})
  }
}

async function tryLock(connection: Connection): Promise<boolean> {
  const [row] = await connection.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(${lockArguments}) AS locked`,
  )
  return row?.locked === true
}
