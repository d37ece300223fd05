import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMigrator, type Migrator } from '../../src/db/migrator.ts'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let folder = ''
let migrator: Migrator

beforeEach(async () => {
  database = await emptyDatabase()
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  migrator = createMigrator(database.client, { folder })
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

test('applies what is pending, once, and takes it back in the opposite order', async () => {
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
  expect(await migrator.rollback()).toEqual([])
})

test('status changes nothing, not even where there is no history', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await migrator.status()
  const [table] = await database.client.query<{ found: string | null }>(
    "SELECT to_regclass('schema_migrations')::text AS found",
  )
  expect(table?.found).toBeNull()
})

test('a migration that is merged late runs, and is the first to be taken back', async () => {
  await write(b, 'CREATE TABLE b (id int)')
  await migrator.migrate()
  await write(a, 'CREATE TABLE a (id int)', 'DROP TABLE a')
  expect(await migrator.status()).toMatchObject([{ id: a, outOfOrder: true }, { id: b }])
  expect(await migrator.migrate()).toEqual([a])
  expect(await migrator.rollback()).toEqual([a])
})

test('a changed migration is named, and nothing runs', async () => {
  await write(a, 'CREATE TABLE a (id int)', 'DROP TABLE a')
  await migrator.migrate()
  await write(a, 'CREATE TABLE a (id bigint)', 'DROP TABLE a')
  await write(b, 'CREATE TABLE b (id int)')
  await expect(migrator.migrate()).rejects.toThrow(`Changed after it was applied: ${a}.`)
  expect(await states()).toEqual([`changed ${a}`, `pending ${b}`])
  expect(await tables()).toEqual(['a'])
  expect(await migrator.rollback()).toEqual([a])
  expect(await migrator.migrate()).toEqual([a, b])
})

test('a migration without files is missing, and cannot be taken back', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await migrator.migrate()
  await rm(join(folder, `${a}.up.sql`))
  await rm(join(folder, `${a}.down.sql`))
  expect(await states()).toEqual([`missing ${a}`])
  expect(await migrator.migrate()).toEqual([])
  await expect(migrator.rollback()).rejects.toThrow(`${a} cannot be taken back`)
})

test('a failure takes back its own migration as a whole and stops there', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await write(b, 'CREATE TABLE b (id int);\n\nINSERT INTO nowhere VALUES (1);')
  await write(c, 'CREATE TABLE c (id int)')
  await expect(migrator.migrate()).rejects.toThrow(
    new RegExp(`^${b}\\.up\\.sql:3: .*nowhere.* It was taken back as a whole\\.$`),
  )
  expect(await tables()).toEqual(['a'])
  expect(await states()).toEqual([`applied ${a}`, `pending ${b}`, `pending ${c}`])
})

test('a statement that allows no transaction runs without one', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await write(b, '-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY i ON a (id);')
  await write(c, '-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY j ON a (nothing);')
  await expect(migrator.migrate()).rejects.toThrow(
    /c\.up\.sql: column "nothing" does not exist\. It ran without a transaction/,
  )
  expect(await states()).toEqual([`applied ${a}`, `applied ${b}`, `pending ${c}`])
})

test('a migration that changes the search path is recorded all the same', async () => {
  await write(a, "SET LOCAL search_path = ''")
  expect(await migrator.migrate()).toEqual([a])
  expect(await states()).toEqual([`applied ${a}`])
})

test('migrators at the same time wait for each other', async () => {
  await write(a, 'CREATE TABLE a (id int); SELECT pg_sleep(0.1)')
  await write(b, 'CREATE TABLE b (id int)')
  const applied = await Promise.all([1, 2, 3].map(() => migrator.migrate()))
  expect(applied.flat()).toEqual([a, b])
})
