import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/config/index.ts'
import { openDatabase } from '../../src/db/client.ts'
import { mapDatabaseError, sqlState } from '../../src/db/errors.ts'
import { createMigrator } from '../../src/db/migrator.ts'
import { runCommand } from '../support/console.ts'
import { emptyDatabase, postgresUrl, type TestDatabase } from '../support/database.ts'

if (!postgresUrl)
  console.info('Left out: tests that need PostgreSQL; set DATABASE_URL to run them.')

const settings = (env: Record<string, string>) => loadConfig({ NODE_ENV: 'test', ...env }).database

test('a server that does not answer is given up after DATABASE_CONNECT_TIMEOUT_MS', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const url = `postgres://user:secret@127.0.0.1:${port}/app`
  const client = await openDatabase(
    settings({ DATABASE_URL: url, DATABASE_CONNECT_TIMEOUT_MS: '50' }),
  )
  const failures = await Promise.all([
    client.db.execute(sql`SELECT 1`).catch((error) => error),
    client.db.transaction(async () => {}).catch((error) => error),
  ])
  expect(failures.map((error) => mapDatabaseError(error)?.status)).toEqual([503, 503])
  await expect(client.query('SELECT 1')).rejects.toThrow(
    `PostgreSQL 127.0.0.1:${port}/app cannot be used`,
  )
  await client.close()
  silent.close()
})

test('a refused connection fails a command with a sentence that holds no secret', async () => {
  const env = { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/app' }
  for (const command of ['migrate', 'status']) {
    const { exitCode, stderr } = await runCommand(['db', command], env)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^PostgreSQL 127\.0\.0\.1:1\/app cannot be used: .*ECONNREFUSED/)
  }
})

describe.skipIf(!postgresUrl)('with PostgreSQL', () => {
  let database: TestDatabase
  let folder = ''

  beforeEach(async () => {
    database = await emptyDatabase({
      DATABASE_POOL_SIZE: '2',
      DATABASE_STATEMENT_TIMEOUT_MS: '300',
    })
    folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  })
  afterEach(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  async function write(id: string, up: string): Promise<void> {
    await writeFile(join(folder, `${id}.up.sql`), up)
    await writeFile(join(folder, `${id}.down.sql`), 'SELECT 1')
  }

  test('DATABASE_POOL_SIZE bounds the connections', async () => {
    const { query } = database.client
    const rows = await Promise.all(
      Array.from({ length: 6 }, () =>
        query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.02)'),
      ),
    )
    expect(new Set(rows.flat().map(({ pid }) => pid)).size).toBe(2)
  })

  test('DATABASE_STATEMENT_TIMEOUT_MS ends a statement of the pool, not of a migration', async () => {
    const failure = await database.client.db
      .execute(sql`SELECT pg_sleep(5)`)
      .catch((error: unknown) => error)
    expect(sqlState(failure)).toBe('57014')
    expect(mapDatabaseError(failure)?.status).toBe(503)
    await database.client.withConnection((connection) => connection.run('SELECT pg_sleep(0.4)'))
  })

  test('a lost idle connection is reported, and the next query opens another', async () => {
    const onConnectionLost = vi.fn()
    const client = await openDatabase(settings({ DATABASE_URL: database.url ?? '' }), {
      onConnectionLost,
    })
    const [row] = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await database.client.query('SELECT pg_terminate_backend($1)', [row?.pid])
    await vi.waitUntil(() => onConnectionLost.mock.calls.length > 0)
    expect(await client.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await client.close()
  })

  test('replicas migrate one after the other, also while an index is made concurrently', async () => {
    await write('20260101000000_a', 'CREATE TABLE a AS SELECT generate_series(1, 50000) AS id')
    await write(
      '20260102000000_b',
      '-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY b ON a (id)',
    )
    const waits = vi.fn()
    const replicas = [1, 2, 3].map(() =>
      createMigrator(database.client, { folder, onWait: waits }).migrate(),
    )
    expect((await Promise.all(replicas)).flat()).toHaveLength(2)
    expect(waits).toHaveBeenCalledTimes(2)
  })

  test('a migrator does not wait for ever', async () => {
    await write('20260101000000_a', 'SELECT pg_sleep(1)')
    const first = createMigrator(database.client, { folder }).migrate()
    await new Promise((resolve) => setTimeout(resolve, 200))
    const second = createMigrator(database.client, { folder, patience: 100 }).migrate()
    await expect(second).rejects.toThrow('Another process has been migrating for over 0.1 s.')
    await first
  })

  test('the commands use it, and no folder', async () => {
    const { exitCode, stdout } = await runCommand(['db', 'status', '--json'], {
      DATABASE_URL: database.url,
      DATA_DIR: join(folder, 'unused', 'x'.repeat(300)),
    })
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).database).toBe('postgres')
  })
})
