import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { type Env, loadConfig } from '../../src/config/index.ts'
import type { Database, DatabaseClient } from '../../src/db/client.ts'
import { transaction } from '../../src/db/client.ts'
import { createMigrator } from '../../src/db/migrator.ts'
import { emptyDatabase, resetDatabase, type TestDatabase } from '../support/database.ts'
import { LogLines } from '../support/log.ts'
import { measured } from '../support/metrics.ts'
import { expectProblem } from '../support/problem.ts'

let database: TestDatabase
let folder = ''
let app: FastifyInstance | undefined
let log: LogLines

beforeEach(async () => {
  log = new LogLines()
  database = await emptyDatabase()
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  const up = `CREATE TABLE notes (id int PRIMARY KEY, unit_name text UNIQUE CHECK (unit_name <> ''));
    CREATE TABLE tags (note_id int REFERENCES notes)`
  await writeFile(join(folder, '20260101000000_notes.up.sql'), up)
  await writeFile(join(folder, '20260101000000_notes.down.sql'), 'DROP TABLE tags, notes')
})
afterEach(async () => {
  await app?.close()
  app = undefined
  await database.drop()
  await rm(folder, { recursive: true })
})

/** An app on the empty database, which stays open when the app closes. */
async function start(env: Env = {}, changes: Partial<DatabaseClient> = {}) {
  const client = { ...database.client, close: async () => {}, ...changes }
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'warn', ...env })
  app = await buildApp(config, { database: client, migrationsFolder: folder, logStream: log })
  return app
}

/** Adds a migration to the folder. */
async function add(id: string, up: string): Promise<void> {
  await writeFile(join(folder, `${id}.up.sql`), up)
  await writeFile(join(folder, `${id}.down.sql`), 'SELECT 1')
}

describe('the service', () => {
  test('is not ready until somebody has migrated', async () => {
    const service = await start({ MIGRATE_ON_START: 'false' })
    expect(await service.healthChecks.run()).toMatchObject({
      database: { status: 'up', critical: true },
      migrations: { status: 'down', critical: true },
    })
    expect((await service.inject('/health/live')).statusCode).toBe(200)
    await createMigrator(database.client, folder).migrate()
    // The failed check counts for a moment.
    const ready = async () => (await service.inject('/health/ready')).statusCode
    await expect.poll(ready, { timeout: 20_000 }).toBe(200)
  })

  test('asks the database one question per readiness probe', async () => {
    const queries: string[] = []
    const query: DatabaseClient['query'] = (text, values) => {
      queries.push(text)
      return database.client.query(text, values)
    }
    const service = await start({ MIGRATE_ON_START: 'true' }, { query })
    queries.length = 0
    expect((await service.inject('/health/ready')).statusCode).toBe(200)
    expect(queries).toEqual(['SELECT 1'])
  })

  test('migrates on start if MIGRATE_ON_START is true', async () => {
    await add('20260102000000_drop_tags', 'DROP TABLE tags')
    const service = await start({ MIGRATE_ON_START: 'true' })
    expect((await service.db.execute(sql`SELECT * FROM notes`)).rows).toEqual([])
    await expect(service.db.execute(sql`SELECT * FROM tags`)).rejects.toThrow()
  })

  test('serves, and is not ready, while a migration that may lose data waits', async () => {
    await start({ MIGRATE_ON_START: 'safe' })
    await app?.close()
    await add('20260102000000_add_color', 'ALTER TABLE notes ADD color text')
    await add('20260103000000_drop_tags', 'DROP TABLE tags')
    await add('20260104000000_add_size', 'ALTER TABLE notes ADD size int')
    const service = await start({ MIGRATE_ON_START: 'safe' })
    const states = (await createMigrator(database.client, folder).status()).map((it) => it.state)
    expect(states).toEqual(['applied', 'applied', 'pending', 'pending'])
    expect((await service.db.execute(sql`SELECT * FROM tags`)).rows).toEqual([])
    const ids = '20260103000000_drop_tags, 20260104000000_add_size'
    const warning = `Run \`db migrate\`. Waiting, because the first may lose data: ${ids}`
    expect(log.with(warning)).toHaveLength(1)
    expect((await service.inject('/health/ready')).json().checks.migrations.status).toBe('down')
  })

  test.each([
    ['safe', 503],
    ['false', 200],
  ])('reports missing files of a migration with MIGRATE_ON_START=%s', async (setting, status) => {
    await start({ MIGRATE_ON_START: 'true' })
    await app?.close()
    for (const way of ['up', 'down']) await rm(join(folder, `20260101000000_notes.${way}.sql`))
    const ready = await (await start({ MIGRATE_ON_START: setting })).inject('/health/ready')
    expect(JSON.stringify(log.lines)).toContain('Changed or missing: 20260101000000_notes')
    expect(ready.statusCode).toBe(status)
    expect(ready.json().checks['migration-files'].status).toBe('down')
  })

  test('does not start if a migration fails', async () => {
    await writeFile(join(folder, '20260101000000_notes.up.sql'), 'CREATE nothing')
    await expect(start()).rejects.toThrow('20260101000000_notes.up.sql:1:')
  })

  test('lives and is not ready without a database', async () => {
    const query = () => Promise.reject(new Error('gone'))
    const service = await start({ MIGRATE_ON_START: 'false' }, { query })
    expect((await service.inject('/health/ready')).json().checks.database.status).toBe('down')
    expect((await service.inject('/health/live')).statusCode).toBe(200)
  })

  test('closes the database', async () => {
    let closed = false
    const close = async () => {
      closed = true
    }
    await (await start({}, { close })).close()
    expect(closed).toBe(true)
  })
})

describe('a route', () => {
  /** The answer of a route that runs the statement. */
  async function run(statement: string) {
    const service = await start()
    await database.client.query("INSERT INTO notes VALUES (1, 'x')")
    await database.client.query('INSERT INTO tags VALUES (1)')
    return service.get('/runs', () => service.db.execute(sql.raw(statement))).inject('/runs')
  }

  test.each([
    ["INSERT INTO notes VALUES (2, 'x')", 'Another record has the same unitName.'],
    ['INSERT INTO tags VALUES (7)', 'The record that noteId refers to does not exist.'],
    ['DELETE FROM notes', 'Other records still refer to this one.'],
  ])('returns 409 for %s', async (statement, detail) => {
    expectProblem(await run(statement), 409, 'conflict', { detail })
  })

  test.each([
    ['a value that a CHECK refuses', "INSERT INTO notes VALUES (2, '')"],
    [
      'a text that an index cannot hold',
      "INSERT INTO notes SELECT 2, string_agg(md5(i::text), '') FROM generate_series(1, 400) AS i",
    ],
  ])('returns 422 for %s', async (_name, statement) => {
    expectProblem(await run(statement), 422, 'validation-error')
  })

  test.each(['SELECT nothing', "SELECT 'x'::uuid", 'SELECT 2147483647 + 1'])(
    'returns 500 for %s, a fault of the service',
    async (statement) => {
      expectProblem(await run(statement), 500, 'internal-error')
    },
  )
})

test('resetDatabase removes rows that others refer to, and keeps the history', async () => {
  const service = await start()
  await database.client.query("INSERT INTO notes VALUES (1, 'x')")
  await database.client.query('INSERT INTO tags VALUES (1)')
  await resetDatabase(database.client)
  expect(await database.client.query('SELECT * FROM notes')).toEqual([])
  expect((await service.inject('/health/ready')).statusCode).toBe(200)
})

describe('transaction', () => {
  const conflict = Object.assign(new Error('conflict'), { code: '40001', severity: 'ERROR' })

  beforeEach(async () => {
    await database.client.query('CREATE TABLE items (id int PRIMARY KEY)')
  })

  const add = (tx: Database, id: number) => tx.execute(sql`INSERT INTO items VALUES (${id})`)
  const ids = async () =>
    (await database.client.query<{ id: number }>('SELECT id FROM items')).map(({ id }) => id)

  test('commits everything or nothing', async () => {
    const { db } = database.client
    expect(await transaction(db, async (tx) => void (await add(tx, 1)))).toBeUndefined()
    const failing = transaction(db, async (tx) => {
      await add(tx, 2)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await ids()).toEqual([1])
  })

  test('runs again after a conflict, at most three times', async () => {
    let runs = 0
    const failUntil = (last: number) =>
      transaction(database.client.db, async (tx) => {
        runs += 1
        await add(tx, runs)
        if (runs < last) throw conflict
      })
    await failUntil(3)
    expect(await ids()).toEqual([3])
    runs = 3
    await expect(failUntil(7)).rejects.toThrow('conflict')
    expect(runs).toBe(6)
  })

  test('inside another one is a savepoint and runs once', async () => {
    await transaction(database.client.db, async (tx) => {
      await add(tx, 1)
      const inner = transaction(tx, async (savepoint) => {
        await add(savepoint, 2)
        throw conflict
      })
      await expect(inner).rejects.toThrow('conflict')
    })
    expect(await ids()).toEqual([1])
  })

  test('has the isolation level of its options', async () => {
    const level = await transaction(
      database.client.db,
      async (tx) => (await tx.execute(sql`SHOW transaction_isolation`)).rows,
      { isolationLevel: 'serializable' },
    )
    expect(level).toEqual([{ transaction_isolation: 'serializable' }])
  })
})

test('metrics show statements by their operation, and what goes wrong with them', async () => {
  const service = await start({ SLOW_QUERY_MS: '10' })
  const run = (statement: string) => service.db.execute(sql.raw(statement))
  await run("INSERT INTO notes VALUES (1, 'x')")
  await run("INSERT INTO notes VALUES (1, 'x')").catch(() => {})
  await service.db.transaction((tx) => tx.execute(sql`SELECT pg_sleep(0.02)`))
  const metric = (name: string, labels = {}) => measured(service, name, labels)
  const operations = 'db_client_operation_duration_seconds_count'
  expect(await metric(operations, { db_operation_name: 'INSERT' })).toBeGreaterThan(1)
  expect(await metric(operations, { db_operation_name: 'SELECT' })).toBeGreaterThan(0)
  expect(await metric('slow_queries_total', { operation: 'SELECT' })).toBeGreaterThan(0)
  expect(await metric('db_errors_total', { error_type: 'unique_violation' })).toBe(1)
  expect(await metric('db_client_connection_max')).toBeGreaterThan(0)
  expect(await metric('db_client_connection_pending_requests')).toBe(0)
})
