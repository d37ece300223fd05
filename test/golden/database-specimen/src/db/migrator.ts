import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../startup-error.ts'
import type { Connection, DatabaseClient } from './client.ts'
import { bareSql, mayLoseData } from './data-loss.ts'
import { sqlState } from './errors.ts'

export type MigrationScript = Awaited<ReturnType<typeof readScript>>
export type Migration = Awaited<ReturnType<typeof readMigrations>>[number]

/** What the history compares with a file. */
type Fingerprint = Pick<Migration, 'id' | 'checksum'>

type AppliedMigration = Fingerprint & { appliedAt: Date }

export interface MigrationStatus {
  id: string
  /**
   * - `applied`: it ran, and its file is as it was then
   * - `pending`: it hasn't run yet
   * - `changed`: it ran, and its up file was edited since
   * - `missing`: it ran, and its files aren't here (the code of another branch or release)
   */
  state: 'applied' | 'pending' | 'changed' | 'missing'
  /** Null while pending. */
  appliedAt: Date | null
  /** Pending, and older than one that was applied already. */
  outOfOrder: boolean
}

export class MigrationFailedError extends StartupError {
  constructor({ file, sql, transaction }: MigrationScript, cause: unknown) {
    const { message, position } = cause as Error & { position?: string }
    const line = position ? `:${sql.slice(0, Number(position) - 1).split('\n').length}` : ''
    const after = transaction
      ? 'It was rolled back.'
      : 'It ran without a transaction: check what it left behind.'
    super(`${file}${line}: ${message}. ${after}`, { cause })
  }
}

/** `migrations/` of this service, from `src/db` and from `dist/db`. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations/', import.meta.url))

export const historyTable = 'schema_migrations'

/**
 * How long a migration waits for a lock. Requests queue up behind a waiting ALTER TABLE, so it gives
 * up before they time out. A migration may set another value: `SET LOCAL lock_timeout = '1min';`.
 */
const lockTimeout = '10s'

const lockKeys = `hashtext('${historyTable}'), hashtext(current_schema())`
const tryLock = `SELECT 1 WHERE pg_try_advisory_lock(${lockKeys})`
const unlock = `SELECT pg_advisory_unlock(${lockKeys})`
const pollInterval = 200
const selectHistoryName = `SELECT format('%I.${historyTable}', current_schema()) AS name`
const undefinedTable = '42P01'

export type Migrator = ReturnType<typeof createMigrator>

/**
 * Runs the SQL files of a folder, in one process at a time.
 * @param wait how long to wait for another process that migrates, in milliseconds
 */
export function createMigrator(client: DatabaseClient, folder = migrationsFolder, wait = 600_000) {
  /** Runs `work` in a session that holds the lock. */
  const locked = <T>(work: (connection: Connection, history: string) => Promise<T>) =>
    client.withConnection(async (connection) => {
      const deadline = performance.now() + wait
      // Polls, because a session that waits inside the database holds a snapshot, and a `CREATE
      // INDEX CONCURRENTLY` of the other process would wait for that.
      while ((await connection.query(tryLock)).length === 0) {
        if (performance.now() > deadline) fail('Another process has been migrating for too long.')
        await sleep(pollInterval)
      }
      try {
        return await work(connection, await historyName(connection))
      } finally {
        // This fails only if the connection is lost, and the lock with it.
        await connection.query(unlock).catch(() => {})
      }
    })
  return {
    /** Every migration of the files and of the history; changes nothing. */
    async status(): Promise<MigrationStatus[]> {
      const files = await readMigrations(folder)
      return migrationStatus(files, await readHistory(client, await historyName(client)))
    },
    /**
     * Applies what is pending, including what was merged late with an older timestamp.
     * @param safely whether the first that may lose data waits, with all that come after it
     * @returns the ids of the applied migrations, in order
     * @throws {StartupError} when an applied migration was changed; nothing runs then
     * @throws {MigrationFailedError} earlier migrations stay applied
     */
    async migrate(safely = false): Promise<string[]> {
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
        if (changed.length > 0) {
          fail(`Changed after it was applied: ${changed.join(', ')}. Restore it or roll it back.`)
        }
        const ids = idsOf(status, 'pending')
        const pending = files.filter(({ id }) => ids.includes(id))
        const end = safely ? pending.findIndex(({ up }) => mayLoseData(up.sql)) : -1
        const todo = end < 0 ? pending : pending.slice(0, end)
        const insert = `INSERT INTO ${history} (id, checksum) VALUES ($1, $2)`
        for (const { id, checksum, up } of todo) {
          await execute(connection, up, insert, [id, checksum])
        }
        return todo.map(({ id }) => id)
      })
    },
    /**
     * Rolls back the last `steps` migrations, the one applied last first.
     * @returns the ids of the migrations that were rolled back, in order
     * @throws {MigrationFailedError} earlier rollbacks stay
     */
    async rollback(steps = 1): Promise<string[]> {
      const files = await readMigrations(folder)
      return locked(async (connection, history) => {
        const last = (await readHistory(connection, history)).reverse().slice(0, steps)
        const todo = last.map(
          ({ id }) =>
            files.find((file) => file.id === id) ??
            fail(`Cannot roll back ${id}: its files are not in the migrations folder.`),
        )
        const remove = `DELETE FROM ${history} WHERE id = $1`
        for (const { id, down } of todo) await execute(connection, down, remove, [id])
        return todo.map(({ id }) => id)
      })
    },
  }
}

const fileName = /^(\d{14}_[a-z0-9]+(?:_[a-z0-9]+)*)\.(up|down)\.sql$/
const withoutTransaction = /^-- migrate: no-transaction\s*$/m
const transactionControl = /(?:^|;)\s*(BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK)(\s+\w+)?\s*;/im

/**
 * Reads `<yyyymmddhhmmss>_<name>.up.sql` and `.down.sql`, in the order of their timestamps. Other
 * extensions are ignored.
 * @throws {StartupError} for a wrong name, a missing half, unusable contents
 */
export async function readMigrations(folder: string) {
  const files = (await readdir(folder)).filter((file) => file.toLowerCase().endsWith('.sql')).sort()
  const migrations = []
  for (const file of files) {
    const [, id, way] = fileName.exec(file) ?? []
    if (id === undefined) fail(`Rename ${file} to <yyyymmddhhmmss>_<snake_case>.(up|down).sql.`)
    const other = `${id}.${way === 'up' ? 'down' : 'up'}.sql`
    if (!files.includes(other)) fail(`The migration file ${other} is missing.`)
    if (way === 'down') continue
    const up = await readScript(folder, file)
    const down = await readScript(folder, other)
    // The same for LF and CRLF.
    const checksum = createHash('sha256').update(up.sql).digest('hex')
    migrations.push({ id, up, down, checksum })
  }
  return migrations
}

/** Reads a script. It runs in a transaction unless it begins with `-- migrate: no-transaction`. */
async function readScript(folder: string, file: string) {
  const text = await readFile(join(folder, file), 'utf8')
  const sql = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const code = `${bareSql(sql)};`
  if (!/[^\s;]/.test(code)) fail(`The migration file ${file} contains no statement.`)
  const [, control] = transactionControl.exec(code) ?? []
  if (control) fail(`Remove ${control} from ${file}: the migrator runs each file in a transaction.`)
  return { file, sql, transaction: sql.search(withoutTransaction) !== 0 }
}

/** The history in the current schema, by its full name: a migration may change the search path. */
async function historyName({ query }: Pick<Connection, 'query'>): Promise<string> {
  const [row] = await query<{ name: string }>(selectHistoryName)
  return row?.name ?? historyTable
}

/** What ran in this database, in that order; empty if the table doesn't exist. */
async function readHistory({ query }: Pick<Connection, 'query'>, table: string) {
  try {
    const columns = 'id, checksum, applied_at AS "appliedAt"'
    return await query<AppliedMigration>(`SELECT ${columns} FROM ${table} ORDER BY position`)
  } catch (error) {
    if (sqlState(error) === undefinedTable) return []
    throw error
  }
}

/** Compares the files with the history; sorted by id, which is the order of the timestamps. */
export function migrationStatus(files: Fingerprint[], history: AppliedMigration[]) {
  const ids = new Set([...files, ...history].map(({ id }) => id))
  return [...ids].sort().map((id): MigrationStatus => {
    const file = files.find((it) => it.id === id)
    const entry = history.find((it) => it.id === id)
    const outOfOrder = !entry && history.some((it) => it.id > id)
    if (!entry) return { id, state: 'pending', appliedAt: null, outOfOrder }
    const unchanged = file?.checksum === entry.checksum ? 'applied' : 'changed'
    return { id, state: file ? unchanged : 'missing', appliedAt: entry.appliedAt, outOfOrder }
  })
}

/** The ids of the migrations in one state, in the order of their timestamps. */
export function idsOf(status: MigrationStatus[], state: MigrationStatus['state']): string[] {
  return status.filter((migration) => migration.state === state).map(({ id }) => id)
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

function fail(message: string): never {
  throw new StartupError(message)
}
