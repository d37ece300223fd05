import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openPostgres } from '../../src/db/client.ts'
import { mapDatabaseError, sqlState } from '../../src/db/errors.ts'
import { runCommand } from '../support/console.ts'
import { emptyDatabase, postgresUrl, type TestDatabase } from '../support/database.ts'

if (!postgresUrl) console.info('Skipped: tests that need PostgreSQL. Set DATABASE_URL to run them.')
const testWithPostgres = test.skipIf(!postgresUrl)

let database: TestDatabase

beforeEach(async () => {
  if (postgresUrl) database = await emptyDatabase({ statement_timeout: '300' }, 2)
})
afterEach(async () => {
  if (postgresUrl) await database.drop()
})

testWithPostgres('DATABASE_POOL_SIZE limits the connections', async () => {
  const rows = await Promise.all(
    Array.from({ length: 6 }, () =>
      database.client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.02)'),
    ),
  )
  expect(new Set(rows.flat().map(({ pid }) => pid)).size).toBe(2)
})

testWithPostgres('a slow statement of the pool ends, one of a migration does not', async () => {
  const { db, withConnection } = database.client
  const failure = await db.execute(sql`SELECT pg_sleep(60)`).catch((error: unknown) => error)
  expect(sqlState(failure)).toBe('57014')
  expect(mapDatabaseError(failure)?.status).toBe(503)
  await withConnection((connection) => connection.run('SELECT pg_sleep(0.4)'))
})

testWithPostgres('a lost idle connection is reported and replaced', async () => {
  const onConnectionLost = vi.fn()
  const client = openPostgres(database.url, 1, onConnectionLost)
  const [row] = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  await database.client.query('SELECT pg_terminate_backend($1)', [row?.pid])
  await vi.waitUntil(() => onConnectionLost.mock.calls.length > 0, { timeout: 20_000 })
  expect(await client.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  await client.close()
})

testWithPostgres('the commands of the service use PostgreSQL', async () => {
  const env = { DATABASE_URL: database.url, DATA_DIR: 'x'.repeat(300) }
  const { exitCode, stdout } = await runCommand(['db', 'status', '--json'], env)
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout).database).toBe('postgres')
})
