import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { Config } from '../config/index.ts'
import { StartupError } from '../startup-error.ts'
import type { ClientEvents, Connection, DatabaseClient } from './client.ts'
import { PostgresPool } from './postgres-pool.ts'
import * as schema from './schema.ts'

type PostgresConfig = Config['database'] & { url: string }

export class DatabaseUnreachableError extends StartupError {
  constructor(url: string, cause: unknown) {
    const { host, pathname } = new URL(url)
    const { code, message } = cause as NodeJS.ErrnoException
    // Where several addresses were tried, there is a code and no message.
    super(`PostgreSQL ${host}${pathname} cannot be used: ${message || code}`, { cause })
  }
}

/** A pool for the service's queries; a connection lent by `withConnection` is outside the pool. */
export function openPostgres(config: PostgresConfig, events: ClientEvents = {}): DatabaseClient {
  const server = {
    connectionString: config.url,
    connectionTimeoutMillis: config.connectTimeoutMs,
  }
  const { statementTimeoutMs, connectTimeoutMs } = config
  const pool = new PostgresPool(
    { ...server, max: config.poolSize, statement_timeout: statementTimeoutMs },
    statementTimeoutMs && statementTimeoutMs + connectTimeoutMs,
  )
  pool.on('error', (error) => events.onConnectionLost?.(error))
  return {
    db: drizzle({ client: pool, schema, casing: 'snake_case' }),
    kind: 'postgres',
    async query<Row>(text: string, values?: unknown[]) {
      try {
        return await query<Row>(pool, text, values)
      } catch (error) {
        if (error instanceof pg.DatabaseError) throw error
        throw new DatabaseUnreachableError(config.url, error)
      }
    },
    async withConnection(work) {
      const client = new pg.Client({ ...server, keepAlive: true })
      // A lost connection also fails the query that waits on it, which is where it is reported.
      client.on('error', () => {})
      await client.connect().catch((cause: unknown) => {
        throw new DatabaseUnreachableError(config.url, cause)
      })
      try {
        return await work(connection(client))
      } finally {
        await client.end()
      }
    },
    close: () => pool.end(),
  }
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
        // Of a lost connection the first error says why; the server has rolled back by itself.
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
