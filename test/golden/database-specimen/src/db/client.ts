import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import {
  type PgDatabase,
  type PgQueryResultHKT,
  PgTransaction,
  type PgTransactionConfig,
} from 'drizzle-orm/pg-core'
import pg from 'pg'
import { parseIntoClientConfig } from 'pg-connection-string'
import type { Config } from '../config/index.ts'
import type { FolderLock } from './embedded.ts'
import { DatabaseUnreachableError, sqlState } from './errors.ts'
import { createQueryWatch, type QueryWatch } from './query-watch.ts'
import * as schema from './schema.ts'

interface QueryResult extends PgQueryResultHKT {
  type: Record<'rows', this['row'][]>
}

/** Drizzle on PostgreSQL or PGlite. A transaction of either is a `Database` too. */
export type Database = PgDatabase<QueryResult, typeof schema>

/** A session that nothing else uses at the same time. */
export interface Connection {
  /** Runs one statement with parameters. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>
  /** Runs a script: any number of statements, no parameters. */
  run(script: string): Promise<unknown>
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>
}

export interface DatabaseClient extends Pick<Connection, 'query'>, Pick<QueryWatch, 'onQuery'> {
  db: Database
  kind: 'postgres' | 'pglite'
  /** Connections in use and idle, callers who wait for one, and how many there may be. */
  connections(): { used: number; idle: number; pending: number; maximum: number }
  /** Held while a PGlite folder is open. */
  lock?: FolderLock | undefined
  /**
   * Lends a session without a statement timeout, outside the pool. Settings that `work` changes in
   * it are reset afterwards. PGlite has only one session, so callers take turns.
   */
  withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  close(): Promise<void>
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

/** Times in milliseconds; the query of DATABASE_URL can change the first two by their pg names. */
const defaults = { connectionTimeoutMillis: 5_000, statement_timeout: 30_000 }
const idleTimeout = 10_000
const keepAliveDelay = 10_000

const maxAttempts = 3
const conflictStates = ['40001', '40P01']

type OnConnectionLost = (error: Error) => void

/**
 * Opens PostgreSQL if `url` is set, PGlite in the folder `path` otherwise. PostgreSQL connects with
 * the first query, PGlite at once.
 * @param onConnectionLost called when an idle connection breaks; the next query opens another
 * @throws {FolderInUseError} when another process has the PGlite folder open
 */
export async function openDatabase(
  { url, path, poolSize }: Config['database'],
  onConnectionLost?: OnConnectionLost,
): Promise<DatabaseClient> {
  if (url !== undefined) return openPostgres(url, poolSize, onConnectionLost)
  // Loaded only when it is used: a PGlite takes hundreds of megabytes.
  const { openPglite } = await import('./embedded.ts')
  return openPglite(path)
}

/** A pool for the service's queries. `withConnection` opens a connection outside the pool. */
export function openPostgres(
  url: string,
  poolSize: number,
  onConnectionLost: OnConnectionLost = () => {},
): DatabaseClient {
  const { statement_timeout, ...server } = { ...defaults, ...parseIntoClientConfig(url) }
  const statementTimeout = Number(statement_timeout)
  // A server that is out of reach can't enforce the statement timeout, so the socket does.
  const silence = statementTimeout && statementTimeout + Number(server.connectionTimeoutMillis)
  const pool = new pg.Pool({
    ...server,
    options: sessionOptions(server.options, { statement_timeout: statementTimeout }),
    max: poolSize,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelay,
    idleTimeoutMillis: silence ? Math.min(idleTimeout, silence / 2) : idleTimeout,
    stream: () => openSocket(silence),
  })
  pool.on('error', onConnectionLost)
  const { onQuery, time, watched } = createQueryWatch()
  pool.query = watched(pool.query.bind(pool))
  pool.on('connect', (client) => {
    client.query = watched(client.query.bind(client))
    // The borrower's query rejects; this listener only prevents a crash.
    client.on('error', () => {})
  })
  pool.on('acquire', (client) => client.once('end', giveBack))
  pool.on('release', (_error, client) => client.off('end', giveBack))

  /** Names the server in errors that are about the connection. */
  async function reach<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (error instanceof pg.DatabaseError) throw error
      throw new DatabaseUnreachableError(server, error)
    }
  }
  // Drizzle wraps errors of queries, but not of the connection that BEGIN needs.
  const connect = pool.connect.bind(pool)
  pool.connect = ((lend?: Lend) =>
    lend ? connect(lend) : reach(time('CONNECT', connect()))) as typeof pool.connect

  return {
    db: drizzle({ client: pool, schema, casing: 'snake_case' }),
    kind: 'postgres',
    onQuery,
    connections: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      pending: pool.waitingCount,
      maximum: poolSize,
    }),
    query: async (text, values) => (await reach(pool.query(text, values))).rows,
    async withConnection(work) {
      const options = sessionOptions(server.options, { statement_timeout: 0, lock_timeout: 0 })
      const client = new pg.Client({ ...server, options, keepAlive: true })
      // A lost connection also rejects the running query, which reports it.
      client.on('error', () => {})
      await reach(client.connect())
      try {
        return await work(connection(client))
      } finally {
        await client.end()
      }
    },
    close: () => pool.end(),
  }
}

type Lend = (error?: Error, client?: pg.PoolClient, release?: (destroy?: unknown) => void) => void

/** Drizzle doesn't release a connection that was lost before BEGIN succeeded. */
function giveBack(this: pg.PoolClient): void {
  this.release(true)
  this.release = () => {}
}

/** A socket that closes when nothing arrives or leaves for `silence` milliseconds; 0 for never. */
function openSocket(silence: number): Socket {
  const socket = new Socket()
  return socket.setTimeout(silence, () => {
    socket.destroy(new Error(`Connection terminated: no answer within ${silence} ms`))
  })
}

/** Startup options: they win over the defaults of the database and survive `RESET ALL`. */
function sessionOptions(given = '', timeouts: Record<string, number>): string {
  const settings = Object.entries({ ...timeouts, ...sessionSettings })
  const pinned = settings.map(([name, value]) => `-c ${name}=${String(value).replace(' ', '\\ ')}`)
  return `${given} ${pinned.join(' ')}`.trim()
}

function connection(client: pg.Client): Connection {
  return {
    query: async (text, values) => (await client.query(text, values)).rows,
    run: (script) => client.query(script),
    async transaction(work) {
      await client.query('BEGIN')
      try {
        const result = await work(this)
        await client.query('COMMIT')
        return result
      } catch (error) {
        // On a lost connection this fails too; the server has rolled back, and `error` says why.
        await client.query('ROLLBACK').catch(() => {})
        throw error
      }
    },
  }
}

/**
 * Runs `work` in one transaction: all of it happens, or nothing.
 *
 * After a conflict with another transaction it runs again, three times at most, so `work` must do
 * nothing that can't be repeated (no e-mail, no call to another service). Inside, use `tx` and never
 * the outer `db`: that is another connection, and on PGlite it waits for itself forever. A nested
 * call is a savepoint and runs once.
 */
export async function transaction<T>(
  db: Database,
  work: (tx: Database) => Promise<T>,
  config?: PgTransactionConfig,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work, config)
    } catch (error) {
      const isConflict = conflictStates.includes(sqlState(error) ?? '')
      if (!isConflict || db instanceof PgTransaction || attempt === maxAttempts) throw error
      await sleep(Math.random() * 20 * 2 ** attempt)
    }
  }
}
