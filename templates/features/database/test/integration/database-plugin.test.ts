import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { type Env, loadConfig } from '../../src/config/index.ts'
import type { DatabaseClient } from '../../src/db/client.ts'
import { emptyDatabase, resetDatabase, type TestDatabase } from '../support/database.ts'
import { expectProblem } from '../support/problem.ts'

let database: TestDatabase
let folder = ''
let app: FastifyInstance | undefined

beforeEach(async () => {
  database = await emptyDatabase()
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  const up = `CREATE TABLE notes (id int PRIMARY KEY, unit_name text UNIQUE CHECK (unit_name <> ''));
    CREATE TABLE tags (note_id int REFERENCES notes)`
  await writeFile(join(folder, '20260101000000_notes.up.sql'), up)
  await writeFile(join(folder, '20260101000000_notes.down.sql'), 'DROP TABLE tags, notes')
})
afterEach(async () => {
  await app?.close()
  await database.drop()
  await rm(folder, { recursive: true })
})

/** An app on the empty database, which stays open when the app closes. */
async function start(env: Env = {}, changes: Partial<DatabaseClient> = {}) {
  const client = { ...database.client, close: async () => {}, ...changes }
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...env })
  app = await buildApp(config, { database: client, migrationsFolder: folder })
  return app
}

test('the service is not ready while a migration is pending', async () => {
  const service = await start({ MIGRATE_ON_START: 'false' })
  expect(await service.healthChecks.run()).toMatchObject({
    database: { status: 'up', critical: true },
    migrations: { status: 'down', critical: true },
  })
  expect((await service.inject('/health/ready')).statusCode).toBe(503)
  expect((await service.inject('/health/live')).statusCode).toBe(200)
})

test('MIGRATE_ON_START applies what is pending', async () => {
  const service = await start({ MIGRATE_ON_START: 'true' })
  expect((await service.inject('/health/ready')).statusCode).toBe(200)
  expect((await service.db.execute(sql`SELECT * FROM notes`)).rows).toEqual([])
})

test('a migration that fails stops the start', async () => {
  await writeFile(join(folder, '20260101000000_notes.up.sql'), 'CREATE nothing')
  await expect(start()).rejects.toThrow('20260101000000_notes.up.sql:1:')
})

test('without a database the service lives and is not ready', async () => {
  const query = () => Promise.reject(new Error('gone'))
  const service = await start({ MIGRATE_ON_START: 'false' }, { query })
  expect((await service.inject('/health/ready')).json().checks.database.status).toBe('down')
  expect((await service.inject('/health/live')).statusCode).toBe(200)
})

test('the database closes with the service', async () => {
  let closed = false
  const close = async () => {
    closed = true
  }
  await (await start({}, { close })).close()
  expect(closed).toBe(true)
})

test.each([
  ["INSERT INTO notes VALUES (2, 'x')", 409, 'conflict', 'Another record has the same unitName.'],
  ['INSERT INTO tags VALUES (7)', 409, 'conflict', 'There is no record that noteId refers to.'],
  ['DELETE FROM notes', 409, 'conflict', 'Other records still refer to this one.'],
])('%s is answered with %i', async (statement, status, type, detail) => {
  const service = await start()
  await database.client.query("INSERT INTO notes VALUES (1, 'x')")
  await database.client.query('INSERT INTO tags VALUES (1)')
  expectProblem(await failWith(service, statement), status, type, { detail })
})

test.each(["INSERT INTO notes VALUES (2, '')", "SELECT 'x'::int", 'SELECT 2147483647 + 1'])(
  '%s is answered with 422',
  async (statement) => {
    const service = await start()
    expectProblem(await failWith(service, statement), 422, 'validation-error')
  },
)

test('a fault of a query is answered with 500', async () => {
  expect((await failWith(await start(), 'SELECT nothing')).statusCode).toBe(500)
})

test('reset removes the rows and keeps the history', async () => {
  const service = await start()
  await database.client.query("INSERT INTO notes VALUES (1, 'x')")
  await resetDatabase(database.client)
  expect(await database.client.query('SELECT * FROM notes')).toEqual([])
  expect((await service.inject('/health/ready')).statusCode).toBe(200)
})

/** The answer of a route that runs the statement. */
async function failWith(service: FastifyInstance, statement: string) {
  return service.get('/fails', () => service.db.execute(sql.raw(statement))).inject('/fails')
}
