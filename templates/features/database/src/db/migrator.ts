import { StartupError } from '../startup-error.ts'
import type { Connection, DatabaseClient } from './client.ts'
import { type Migration, type MigrationScript, readMigrations } from './migration-files.ts'
import { type MigrationHistory, migrationHistory } from './migration-history.ts'
import { type MigrationLockOptions, withMigrationLock } from './migration-lock.ts'
import { type MigrationStatus, migrationStatus } from './migration-status.ts'

export interface Migrator {
  /** Every migration of the files and of the history; changes nothing. */
  status(): Promise<MigrationStatus[]>
  /**
   * Applies what is pending, also what was merged late with an older timestamp.
   * @returns the ids of what was applied, in that order
   * @throws {ChangedMigrationError} before anything runs
   * @throws {MigrationFailedError} earlier migrations stay applied
   */
  migrate(): Promise<string[]>
  /**
   * Takes back the last `steps` migrations, the one applied last first.
   * @returns the ids of what was taken back, in that order
   * @throws {MigrationFailedError} those taken back before stay so
   */
  rollback(steps?: number): Promise<string[]>
}

export interface MigratorOptions extends MigrationLockOptions {
  /** `migrations/` of this service by default. */
  folder?: string | undefined
}

export class ChangedMigrationError extends StartupError {
  constructor(ids: string[]) {
    super(
      `Changed after it was applied: ${ids.join(', ')}. Restore the file and put the change into ` +
        'a new migration, or take it back with `db rollback` and apply it again.',
    )
  }
}

export class MigrationFailedError extends StartupError {
  constructor(script: MigrationScript, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const after = script.transaction
      ? 'It was taken back as a whole.'
      : 'It ran without a transaction: look at what it left behind.'
    super(`${script.file}${lineOf(script.sql, cause)}: ${reason}. ${after}`, { cause })
  }
}

/** Runs the plain SQL files of the migrations folder, one process at a time. */
export function createMigrator(client: DatabaseClient, options: MigratorOptions = {}): Migrator {
  const { folder, ...lockOptions } = options
  const locked = <T>(work: (connection: Connection, history: MigrationHistory) => Promise<T>) =>
    client.withConnection((connection) =>
      withMigrationLock(
        connection,
        async () => work(connection, await migrationHistory(connection)),
        lockOptions,
      ),
    )
  return {
    async status() {
      const files = await readMigrations(folder)
      const history = await migrationHistory(client)
      return migrationStatus(files, await history.list())
    },
    async migrate() {
      const files = await readMigrations(folder)
      return locked(async (connection, history) => {
        await history.create(connection)
        const status = migrationStatus(files, await history.list())
        const changed = status.filter(({ state }) => state === 'changed')
        if (changed.length > 0) throw new ChangedMigrationError(changed.map(({ id }) => id))
        const pending = new Set(status.filter((one) => one.state === 'pending').map(({ id }) => id))
        const todo = files.filter(({ id }) => pending.has(id))
        for (const migration of todo) await apply(connection, history, migration)
        return todo.map(({ id }) => id)
      })
    },
    async rollback(steps = 1) {
      const files = await readMigrations(folder)
      return locked(async (connection, history) => {
        const last = (await history.list()).reverse().slice(0, steps)
        const todo = last.map(({ id }) => files.find((file) => file.id === id) ?? missing(id))
        for (const migration of todo) await takeBack(connection, history, migration)
        return todo.map(({ id }) => id)
      })
    },
  }
}

function apply(connection: Connection, history: MigrationHistory, migration: Migration) {
  const start = performance.now()
  return execute(connection, migration.up, (target) =>
    history.add(target, migration, performance.now() - start),
  )
}

function takeBack(connection: Connection, history: MigrationHistory, migration: Migration) {
  return execute(connection, migration.down, (target) => history.remove(target, migration.id))
}

async function execute(
  connection: Connection,
  script: MigrationScript,
  record: (target: Connection) => Promise<void>,
): Promise<void> {
  const run = async (target: Connection) => {
    await target.run(script.sql)
    await record(target)
  }
  try {
    await (script.transaction ? connection.transaction(run) : run(connection))
  } catch (error) {
    throw new MigrationFailedError(script, error)
  }
}

function missing(id: string): never {
  throw new Error(`${id} cannot be taken back: its files are not in the migrations folder.`)
}

function lineOf(sql: string, error: unknown): string {
  if (!(error instanceof Error && 'position' in error)) return ''
  const position = Number(error.position)
  return position > 0 ? `:${sql.slice(0, position - 1).split('\n').length}` : ''
}
