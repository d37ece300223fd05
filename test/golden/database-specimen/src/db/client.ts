import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Config } from '../config/index.ts'
import type { FolderLock } from './embedded.ts'
import type * as schema from './schema.ts'

interface Rows<Row> {
  rows: Row[]
}

interface QueryResult extends PgQueryResultHKT {
  type: Rows<this['row']>
}

/** Drizzle on PostgreSQL or PGlite. A transaction of either is a `Database` too. */
export type Database = PgDatabase<QueryResult, typeof schema>

/** One session that nobody else uses at the same time. */
export interface Connection {
  /** Runs one statement with parameters. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>
  /** Runs a script: any number of statements, no parameters. */
  run(script: string): Promise<void>
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>
}

export interface DatabaseClient extends Pick<Connection, 'query'> {
  db: Database
  kind: 'postgres' | 'pglite'
  /** Held while a PGlite folder is open. */
  lock?: FolderLock
  /**
   * Lends a session without a statement timeout, outside the pool. What `work` sets in it doesn't
   * outlive it. PGlite has only one session, so callers take turns.
   */
  withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface ClientEvents {
  /** An idle connection broke. The next query opens another. */
  onConnectionLost?: (error: Error) => void
}

/** Session settings that this code relies on. A database or role may have other defaults. */
export const sessionSettings: Readonly<Record<string, string>> = {
  client_encoding: 'UTF8',
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
}

/**
 * Opens PostgreSQL if `url` is set, PGlite in the folder `path` otherwise. PostgreSQL connects with
 * the first query, PGlite at once.
 * @throws {FolderInUseError} when another process has the PGlite folder open
 */
export async function openDatabase(
  config: Config['database'],
  events?: ClientEvents,
): Promise<DatabaseClient> {
  // The other driver isn't loaded: PGlite alone takes hundreds of megabytes.
  if (config.url !== undefined) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(config.url, config.poolSize, events)
  }
  const { openPglite } = await import('./pglite.ts')
  return openPglite(config.path)
}
