import { Socket } from 'node:net'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { parseIntoClientConfig } from 'pg-connection-string'
import {
  type ClientEvents,
  type Connection,
  type DatabaseClient,
  sessionSettings,
} from './client.ts'
import { DatabaseUnreachableError } from './errors.ts'
import * as schema from './schema.ts'

/** Times in milliseconds; the query of DATABASE_URL can change the first two by their pg names. */
const defaults = { connectionTimeoutMillis: 5_000, statement_timeout: 30_000 }
const idleTimeout = 10_000
const keepAliveDelay = 10_000

/** A pool for the service's queries. `withConnection` opens a connection outside the pool. */
export function openPostgres(
  url: string,
  poolSize: number,
  { onConnectionLost = () => {} }: ClientEvents = {},
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
  // The borrower's query rejects; this listener only prevents a crash.
  pool.on('connect', (client) => client.on('error', () => {}))
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
  // Drizzle wraps what a query throws, but not what BEGIN's connection does.
  const connect = pool.connect.bind(pool)
  pool.connect = ((lend?: Lend) => (lend ? connect(lend) : reach(connect()))) as typeof pool.connect

  return {
    db: drizzle({ client: pool, schema, casing: 'snake_case' }),
    kind: 'postgres',
    query: (text, values) => reach(query(pool, text, values)),
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
  const self: Connection = {
    query: (text, values) => query(client, text, values),
    async run(script) {
      await client.query(script)
    },
    async transaction(work) {
      await client.query('BEGIN')
      try {
        const result = await work(self)
        await client.query('COMMIT')
        return result
      } catch (error) {
        // On a lost connection this fails too; the server has rolled back, and `error` says why.
        await client.query('ROLLBACK').catch(() => {})
        throw error
      }
    },
  }
  return self
}

async function query<Row>(
  session: pg.Client | pg.Pool,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const { rows } = await session.query(text, values)
  return rows
}
