import type { Connection } from './client.ts'
import type { Migration } from './migration-files.ts'

export interface AppliedMigration {
  id: string
  checksum: string
  /** ISO 8601, UTC. */
  appliedAt: string
}

/** What the database knows of the migrations that ran in it, in the order in which they ran. */
export interface MigrationHistory {
  /** Makes the table; repeating it changes nothing. */
  create(connection: Connection): Promise<void>
  /** Empty where the table does not exist. */
  list(): Promise<AppliedMigration[]>
  add(connection: Connection, migration: Migration, milliseconds: number): Promise<void>
  remove(connection: Connection, id: string): Promise<void>
}

export const historyTable = 'schema_migrations'

/** The history in the current schema, by its full name: a migration may change the search path. */
export async function migrationHistory({
  query,
}: Pick<Connection, 'query'>): Promise<MigrationHistory> {
  const [current] = await query<{ name: string | null }>(
    `SELECT quote_ident(current_schema()) || '.${historyTable}' AS name`,
  )
  const table = current?.name
  if (!table) throw new Error('The search path of the database connection names no schema.')
  return {
    create: (connection) =>
      connection.run(`CREATE TABLE IF NOT EXISTS ${table} (
        position bigint GENERATED ALWAYS AS IDENTITY,
        id text PRIMARY KEY,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(),
        duration_ms integer NOT NULL
      )`),
    async list() {
      const [there] = await query<{ found: boolean }>(
        'SELECT to_regclass($1) IS NOT NULL AS found',
        [table],
      )
      if (!there?.found) return []
      const rows = await query<AppliedMigration & { at: Date }>(
        `SELECT id, checksum, applied_at AS at FROM ${table} ORDER BY position`,
      )
      return rows.map(({ id, checksum, at }) => ({ id, checksum, appliedAt: at.toISOString() }))
    },
    async add(target, { id, checksum }, milliseconds) {
      await target.query(`INSERT INTO ${table} (id, checksum, duration_ms) VALUES ($1, $2, $3)`, [
        id,
        checksum,
        Math.round(milliseconds),
      ])
    },
    async remove(target, id) {
      await target.query(`DELETE FROM ${table} WHERE id = $1`, [id])
    },
  }
}
