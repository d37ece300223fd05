import type { Connection } from './client.ts'
import { sqlState } from './errors.ts'
import type { Migration } from './migration-files.ts'

export interface AppliedMigration {
  id: string
  checksum: string
  /** ISO 8601, UTC. */
  appliedAt: string
}

/**
 * - `applied`: it ran, and its file is as it was then
 * - `pending`: it hasn't run yet
 * - `changed`: it ran, and its up file was edited since
 * - `missing`: it ran, and its files aren't here (the code of another branch or release)
 */
export type MigrationState = 'applied' | 'pending' | 'changed' | 'missing'

export interface MigrationStatus {
  id: string
  state: MigrationState
  /** ISO 8601, UTC; null while pending. */
  appliedAt: string | null
  /** Pending, and older than one that was applied already. */
  outOfOrder: boolean
}

export const historyTable = 'schema_migrations'

const undefinedTable = '42P01'

/** The history in the current schema, by its full name: a migration may change the search path. */
export async function historyName({ query }: Pick<Connection, 'query'>): Promise<string> {
  const [row] = await query<{ name: string | null }>(
    `SELECT quote_ident(current_schema()) || '.${historyTable}' AS name`,
  )
  if (!row?.name) throw new Error('The search path of the database connection names no schema.')
  return row.name
}

/** What ran in this database, in that order; empty if the table doesn't exist. */
export async function readHistory(
  { query }: Pick<Connection, 'query'>,
  table: string,
): Promise<AppliedMigration[]> {
  try {
    const rows = await query<{ id: string; checksum: string; at: Date }>(
      `SELECT id, checksum, applied_at AS at FROM ${table} ORDER BY position`,
    )
    return rows.map(({ id, checksum, at }) => ({ id, checksum, appliedAt: at.toISOString() }))
  } catch (error) {
    if (sqlState(error) === undefinedTable) return []
    throw error
  }
}

/** Compares the files with the history; sorted by id, which is the order of the timestamps. */
export function migrationStatus(
  files: Pick<Migration, 'id' | 'checksum'>[],
  history: AppliedMigration[],
): MigrationStatus[] {
  const newest =
    history
      .map(({ id }) => id)
      .sort()
      .at(-1) ?? ''
  const ids = new Set([...files, ...history].map(({ id }) => id))
  return [...ids].sort().map((id): MigrationStatus => {
    const file = files.find((it) => it.id === id)
    const entry = history.find((it) => it.id === id)
    if (!entry) return { id, state: 'pending', appliedAt: null, outOfOrder: id < newest }
    const unchanged = file?.checksum === entry.checksum ? 'applied' : 'changed'
    const state = file ? unchanged : 'missing'
    return { id, state, appliedAt: entry.appliedAt, outOfOrder: false }
  })
}

/** The ids of the migrations in one state, in the order of their timestamps. */
export function idsOf(status: MigrationStatus[], state: MigrationState): string[] {
  return status.filter((migration) => migration.state === state).map(({ id }) => id)
}
