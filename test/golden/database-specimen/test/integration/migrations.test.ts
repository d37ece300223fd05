import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyDatabase as dropEverything, findDrift, readCatalog } from '../../src/db/drift.ts'
import { createMigrator, type Migrator } from '../../src/db/migrator.ts'
import { emptyDatabase, scratchDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let folder = ''
let migrator: Migrator

beforeEach(async () => {
  database = await emptyDatabase()
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  migrator = createMigrator(database.client, folder)
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const a = '20260101000000_a'
const b = '20260102000000_b'
const c = '20260103000000_c'

async function write(id: string, up: string, down = 'SELECT 1'): Promise<void> {
  await writeFile(join(folder, `${id}.up.sql`), up)
  await writeFile(join(folder, `${id}.down.sql`), down)
}

async function tables(): Promise<string[]> {
  const rows = await database.client.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1',
  )
  return rows.map(({ name }) => name).filter((name) => name !== 'schema_migrations')
}

async function states(): Promise<string[]> {
  return (await migrator.status()).map(({ id, state }) => `${state} ${id}`)
}

test('applies each migration once and rolls back in the opposite order', async () => {
  await write(a, 'CREATE TABLE a (id int); INSERT INTO a VALUES (1);', 'DROP TABLE a')
  await write(b, 'CREATE TABLE b (id int)', 'DROP TABLE b')
  expect(await states()).toEqual([`pending ${a}`, `pending ${b}`])
  expect(await migrator.migrate()).toEqual([a, b])
  expect(await migrator.migrate()).toEqual([])
  expect(await tables()).toEqual(['a', 'b'])
  expect(await states()).toEqual([`applied ${a}`, `applied ${b}`])

  expect(await migrator.rollback()).toEqual([b])
  expect(await tables()).toEqual(['a'])
  expect(await migrator.migrate()).toEqual([b])
  expect(await migrator.rollback(5)).toEqual([b, a])
  expect(await tables()).toEqual([])
})

test('applies a migration that was merged late', async () => {
  await write(b, 'CREATE TABLE b (id int)')
  await migrator.migrate()
  await write(a, 'CREATE TABLE a (id int)', 'DROP TABLE a')
  expect(await migrator.status()).toMatchObject([{ id: a, outOfOrder: true }, { id: b }])
  expect(await migrator.migrate()).toEqual([a])
  expect(await migrator.rollback()).toEqual([a])
})

test('refuses to run when an applied migration was changed', async () => {
  await write(a, 'CREATE TABLE a (id int)', 'DROP TABLE a')
  await migrator.migrate()
  await write(a, 'CREATE TABLE a (id bigint)', 'DROP TABLE a')
  await write(b, 'CREATE TABLE b (id int)')
  await expect(migrator.migrate()).rejects.toThrow(`Changed after it was applied: ${a}.`)
  expect(await states()).toEqual([`changed ${a}`, `pending ${b}`])
  expect(await tables()).toEqual(['a'])
})

test('rolls back a failed migration as a whole and stops there', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await write(b, 'CREATE TABLE b (id int);\n\nINSERT INTO nowhere VALUES (1);')
  await write(c, 'CREATE TABLE c (id int)')
  await expect(migrator.migrate()).rejects.toThrow(
    new RegExp(`^${b}\\.up\\.sql:3: .*nowhere.* It was rolled back\\.$`),
  )
  expect(await tables()).toEqual(['a'])
  expect(await states()).toEqual([`applied ${a}`, `pending ${b}`, `pending ${c}`])
})

test('runs a statement that allows no transaction', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await write(b, '-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY i ON a (id);')
  expect(await migrator.migrate()).toEqual([a, b])
})

test('waits at most 10 s for a lock, unless the migration says otherwise', async () => {
  const setting = "current_setting('lock_timeout') AS value"
  await write(a, `CREATE TABLE waits AS SELECT ${setting}`)
  await write(b, `SET LOCAL lock_timeout = '1min'; INSERT INTO waits SELECT ${setting}`)
  await migrator.migrate()
  const rows = await database.client.query('SELECT value FROM waits')
  expect(rows).toEqual([{ value: '10s' }, { value: '1min' }])
})

test('runs in one process at a time', async () => {
  await write(a, 'CREATE TABLE a (id int); SELECT pg_sleep(0.1)')
  await write(b, 'CREATE TABLE b (id int)')
  const applied = await Promise.all([1, 2, 3].map(() => migrator.migrate()))
  expect(applied.flat()).toEqual([a, b])
})

test('the models and migrations of this service agree, up, down and up again', async () => {
  const { client, drop } = await scratchDatabase()
  expect(await findDrift({ scratch: client })).toEqual([])

  await client.withConnection(dropEverything)
  const own = createMigrator(client)
  const applied = await own.migrate()
  const catalog = await client.withConnection(readCatalog)
  await own.rollback(applied.length)
  await own.migrate()
  expect(await client.withConnection(readCatalog)).toEqual(catalog)
  await drop()
})
