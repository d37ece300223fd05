import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/index.ts'
import { openDatabase, openPostgres } from '../../../src/db/client.ts'
import { mapDatabaseError } from '../../../src/db/errors.ts'
import { emptyDatabase } from '../../support/database.ts'
import { skipReason, unsteadyDatabase } from '../support/postgres.ts'

test('gives up on a server that accepts and never answers', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const url = `postgres://user:secret@127.0.0.1:${port}/app?connectionTimeoutMillis=50`
  const client = openPostgres(url, 2)
  const failures = await Promise.all([
    client.db.execute(sql`SELECT 1`).catch((error) => error),
    client.db.transaction(async () => {}).catch((error) => error),
  ])
  expect(failures.map((error) => mapDatabaseError(error)?.status)).toEqual([503, 503])
  await expect(client.query('SELECT 1')).rejects.toThrow(
    `Cannot use PostgreSQL at 127.0.0.1:${port}/app: `,
  )
  await expect(client.withConnection(async () => {})).rejects.toThrow(
    `Cannot use PostgreSQL at 127.0.0.1:${port}/app: `,
  )
  await client.close()
  silent.close()
})

test('a refused connection is a 503, also before a transaction begins', async () => {
  const config = loadConfig({ NODE_ENV: 'test', DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' })
  const client = await openDatabase(config.database)
  const failures = await Promise.all([
    client.db.execute(sql`SELECT 1`).catch((error: unknown) => error),
    client.db.transaction(async () => {}).catch((error: unknown) => error),
  ])
  for (const error of failures) {
    expect(mapDatabaseError(error)?.status).toBe(503)
    expect(String(error)).not.toContain('secret')
  }
  await client.close()
})

test.skipIf(skipReason)(
  'the pool replaces a connection that is lost while lent',
  async (context) => {
    const { client, url, drop } = await emptyDatabase()
    context.onTestFinished(drop)
    const lending = openPostgres(url, 1)
    const lost = lending.db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`)
      await client.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
      await tx.execute(sql`SELECT pg_sleep(60)`)
    })
    expect(mapDatabaseError(await lost.catch((error: unknown) => error))?.status).toBe(503)
    expect(await lending.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await lending.close()
  },
)

test.skipIf(skipReason)(
  'a transaction that cannot begin gives its connection back',
  async (context) => {
    const timeouts = { connectionTimeoutMillis: '200', statement_timeout: '200' }
    const { network, url } = await unsteadyDatabase(context, timeouts)
    const client = openPostgres(url, 1)
    await client.query('SELECT 1')
    network.mode = 'silent'
    const failing = client.db.transaction(async () => {})
    expect(mapDatabaseError(await failing.catch((error: unknown) => error))?.status).toBe(503)
    network.mode = 'open'
    expect(await client.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await client.close()
  },
)
