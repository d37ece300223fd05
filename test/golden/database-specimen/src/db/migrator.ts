import { setTimeout as sleep } from 'node:timers/promises'
import { StartupError } from '../startup-error.ts'
import type { Connection, DatabaseClient } from './client.ts'
import { type MigrationScript, readMigrations } from './migration-files.ts'
import {
  historyName,
  idsOf,
  type MigrationStatus,
  migrationStatus,
  readHistory,
} from './migration-history.ts'

export interface Migrator {
  /** Every migration of the files and of the history; changes nothing. */
  status(): Promise<MigrationStatus[]>
  /**
   * Applies what is pending, including what was merged late with an older timestamp.
   * @returns the ids of the applied migrations, in order
   * @throws {ChangedMigrationError} before anything runs
   * @throws {MigrationFailedError} earlier migrations stay applied
   */
  migrate(): Promise<string[]>
  /**
   * Rolls back the last `steps` migrations, the one applied last first.
   * @returns the ids of the migrations that were rolled back, in order
   * @throws {MigrationFailedError} earlier rollbacks stay
   */
  rollback(steps?: number): Promise<string[]>
}

export interface MigratorOptions {
  /** `migrations/` of this service by default. */
  folder?: string | undefined
  /** Called once if another process is migrating. */
  onWait?: () => void
  /** How long to wait for that process, in milliseconds; 10 minutes by default. */
  maxWait?: number
}

export class ChangedMigrationError extends StartupError {
  constructor(ids: string[]) {
    super(
      `Changed after it was applied: ${ids.join(', ')}. Restore the file and put the change into ` +
        'a new migration, or run `db rollback` and apply it again.',
    )
  }
}

export class MigrationFailedError extends StartupError {
  constructor(script: MigrationScript, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const after = script.transaction
      ? 'It was rolled back.'
      : 'It ran without a transaction: check what it left behind.'
    super(`${script.file}${lineOf(script.sql, cause)}: ${reason}. ${after}`, { cause })
  }
}

/**
 * How long a migration waits for a lock. Requests queue up behind a waiting ALTER TABLE, so it gives
 * up before they time out. A migration may set another value: `SET LOCAL lock_timeout = '1min';`.
 */
const lockTimeout = '10s'

const lockKeys = "hashtext('schema_migrations'), hashtext(current_schema())"
const pollInterval = 200

/** Runs the SQL files of the migrations folder, in one process at a time. */
export function createMigrator(client: DatabaseClient, options: MigratorOptions = {}): Migrator {
  const { folder } = options
  const locked = <T>(work: (connection: Connection, history: string) => Promise<T>) =>
    client.withConnection(async (connection) => {
      await lock(connection, options)
      try {
        return await work(connection, await historyName(connection))
      } finally {
        // This fails only if the connection is lost, and the lock with it.
        await connection.query(`SELECT pg_advisory_unlock(${lockKeys})`).catch(() => {})
      }
    })
  return {
    async status() {
      const files = await readMigrations(folder)
      return migrationStatus(files, await readHistory(client, await historyName(client)))
    },
    async migrate() {
      const files = await readMigrations(folder)
      return locked(async (connection, history) => {
        await connection.run(`CREATE TABLE IF NOT EXISTS ${history} (
          position bigint GENERATED ALWAYS AS IDENTITY,
          id text PRIMARY KEY,
          checksum text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now()
        )`)
        const status = migrationStatus(files, await readHistory(connection, history))
        const changed = idsOf(status, 'changed')
        if (changed.length > 0) throw new ChangedMigrationError(changed)
        const pending = idsOf(status, 'pending')
        const insert = `INSERT INTO ${history} (id, checksum) VALUES ($1, $2)`
        for (const { id, checksum, up } of files.filter(({ id }) => pending.includes(id))) {
          await execute(connection, up, insert, [id, checksum])
        }
        return pending
      })
    },
    async rollback(steps = 1) {
      const files = await readMigrations(folder)
      return locked(async (connection, history) => {
        const last = (await readHistory(connection, history)).reverse().slice(0, steps)
        const todo = last.map(({ id }) => files.find((file) => file.id === id) ?? missing(id))
        const remove = `DELETE FROM ${history} WHERE id = $1`
        for (const { id, down } of todo) await execute(connection, down, remove, [id])
        return todo.map(({ id }) => id)
      })
    },
  }
}

/**
 * Polls: a session that waits inside the database holds a snapshot, and a `CREATE INDEX
 * CONCURRENTLY` of the other process would wait for that.
 */
async function lock(
  connection: Connection,
  { onWait = () => {}, maxWait = 600_000 }: MigratorOptions,
): Promise<void> {
  const deadline = performance.now() + maxWait
  for (let attempt = 0; ; attempt += 1) {
    const [row] = await connection.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_lock(${lockKeys}) AS locked`,
    )
    if (row?.locked) return
    if (attempt === 0) onWait()
    if (performance.now() > deadline) {
      throw new StartupError(`Another process has been migrating for over ${maxWait / 1000} s.`)
    }
    await sleep(pollInterval)
  }
}

/** Runs a script and the statement that records it, together unless the script opted out. */
async function execute(
  connection: Connection,
  script: MigrationScript,
  record: string,
  values: string[],
): Promise<void> {
  const run = async (target: Connection) => {
    await target.run(script.sql)
    await target.query(record, values)
  }
  try {
    if (!script.transaction) return await run(connection)
    await connection.transaction(async (target) => {
      await target.run(`SET LOCAL lock_timeout = '${lockTimeout}'`)
      await run(target)
    })
  } catch (error) {
    throw new MigrationFailedError(script, error)
  }
}

function missing(id: string): never {
  throw new Error(`Cannot roll back ${id}: its files are not in the migrations folder.`)
}

function lineOf(sql: string, error: unknown): string {
  if (!(error instanceof Error && 'position' in error)) return ''
  const position = Number(error.position)
  return position > 0 ? `:${sql.slice(0, position - 1).split('\n').length}` : ''
}
