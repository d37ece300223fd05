import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Config } from '../config/index.ts'
import type { FolderLock } from './lock.ts'
import type * as schema from './schema.ts'

interface Rows<Row> {
  rows: Row[]
}

interface QueryResult extends PgQueryResultHKT {
  type: Rows<this['row']>
}

/** Drizzle over PostgreSQL or PGlite; a transaction of either one is a `Database` too. */
export type Database = PgDatabase<QueryResult, typeof schema>

/** One session that nobody else uses meanwhile, for what Drizzle has no word for. */
export interface Connection {
  /** Runs one statement with its parameters. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>
  /** Runs a script: any number of statements, no parameters. */
  run(script: string): Promise<void>
  /** Commits when `work` ends, takes everything back when it throws. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>
}

export interface DatabaseClient extends Pick<Connection, 'query'> {
  db: Database
  kind: 'postgres' | 'pglite'
  /** Held while a PGlite folder is open. */
  lock?: FolderLock
  /** Lends a connection of its own, without a statement timeout. On PGlite they queue up. */
  withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface ClientEvents {
  /** An idle connection broke. The next query opens another. */
  onConnectionLost?: (error: Error) => void
}

/**
 * Opens PostgreSQL if `url` is set, else PGlite in the folder `path`.
 * PostgreSQL connects with the first query, PGlite at once.
 * @throws {FolderInUseError} when another process has the PGlite folder open
 */
export async function openDatabase(
  config: Config['database'],
  events: ClientEvents = {},
): Promise<DatabaseClient> {
  // The unused driver stays unloaded: PGlite alone costs hundreds of megabytes.
  if (config.url !== undefined) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres({ ...config, url: config.url }, events)
  }
  const { openPglite } = await import('./pglite.ts')
  return openPglite(config.path)
}
