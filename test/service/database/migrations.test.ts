import { EventEmitter, once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openPostgres } from '../../../src/db/client.ts'
import { createMigrator, type Migrator, migrationStatus } from '../../../src/db/migrator.ts'
import { runCommand } from '../../support/console.ts'
import { emptyDatabase, type TestDatabase } from '../../support/database.ts'
import { skipReason } from '../support/postgres.ts'

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

async function states(): Promise<string[]> {
  return (await migrator.status()).map(({ id, state }) => `${state} ${id}`)
}

test('compares the files with the history', () => {
  const appliedAt = new Date('2026-01-01T00:00:00Z')
  const files = [
    { id: '1_a', checksum: 'same' },
    { id: '2_late', checksum: 'same' },
    { id: '3_b', checksum: 'other' },
    { id: '5_new', checksum: 'same' },
  ]
  const history = ['1_a', '3_b', '4_gone'].map((id) => ({ id, checksum: 'same', appliedAt }))
  expect(migrationStatus(files, history)).toEqual([
    { id: '1_a', state: 'applied', appliedAt, outOfOrder: false },
    { id: '2_late', state: 'pending', appliedAt: null, outOfOrder: true },
    { id: '3_b', state: 'changed', appliedAt, outOfOrder: false },
    { id: '4_gone', state: 'missing', appliedAt, outOfOrder: false },
    { id: '5_new', state: 'pending', appliedAt: null, outOfOrder: false },
  ])
})

test('status changes nothing, even without a history', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await migrator.status()
  const [table] = await database.client.query<{ found: string | null }>(
    "SELECT to_regclass('schema_migrations')::text AS found",
  )
  expect(table?.found).toBeNull()
})

test('a changed migration can be rolled back and applied again', async () => {
  await write(a, 'CREATE TABLE a (id int)', 'DROP TABLE a')
  await migrator.migrate()
  await write(a, 'CREATE TABLE a (id bigint)', 'DROP TABLE a')
  expect(await migrator.rollback()).toEqual([a])
  expect(await migrator.migrate()).toEqual([a])
})

test('a migration without files is missing, and cannot be rolled back', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await migrator.migrate()
  await rm(join(folder, `${a}.up.sql`))
  await rm(join(folder, `${a}.down.sql`))
  expect(await states()).toEqual([`missing ${a}`])
  expect(await migrator.migrate()).toEqual([])
  await expect(migrator.rollback()).rejects.toThrow(`Cannot roll back ${a}`)
})

test('a failed statement without a transaction says that something may be left', async () => {
  await write(a, 'CREATE TABLE a (id int)')
  await write(b, '-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY j ON a (nothing);')
  await expect(migrator.migrate()).rejects.toThrow(
    /b\.up\.sql: column "nothing" does not exist\. It ran without a transaction/,
  )
  expect(await states()).toEqual([`applied ${a}`, `pending ${b}`])
})

test('a migration that changes the search path is recorded all the same', async () => {
  await write(a, "SET LOCAL search_path = ''")
  await write(b, "SET search_path = ''")
  await write(c, 'SELECT 1')
  expect(await migrator.migrate()).toEqual([a, b, c])
  expect(await states()).toEqual([`applied ${a}`, `applied ${b}`, `applied ${c}`])
})

test('db check needs no database and creates none', async () => {
  const DATA_DIR = join(folder, 'none')
  const { exitCode, stdout } = await runCommand(['db', 'check'], { DATA_DIR, DATABASE_URL: '' })
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Models and migrations agree.\n' })
  expect(existsSync(DATA_DIR)).toBe(false)
})

describe.skipIf(skipReason)('on PostgreSQL', () => {
  test('replicas migrate one after the other, even while an index is built concurrently', async () => {
    await write(a, 'CREATE TABLE a AS SELECT generate_series(1, 50000) AS id')
    await write(b, '-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY b ON a (id)')
    const replicas = [1, 2, 3].map(() => createMigrator(database.client, folder).migrate())
    expect((await Promise.all(replicas)).flat()).toEqual([a, b])
  })

  test('a migrator does not wait forever', async () => {
    await write(a, 'SELECT pg_sleep(3)')
    const first = createMigrator(database.client, folder).migrate()
    await vi.waitUntil(
      async () => {
        const locks = await database.client.query(
          "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted",
        )
        return locks.length > 0
      },
      { timeout: 20_000 },
    )
    const second = createMigrator(database.client, folder, 100).migrate()
    await expect(second).rejects.toThrow('Another process has been migrating for too long.')
    expect(await first).toEqual([a])
  })

  test('a migration that gets no lock fails, is rolled back, and blocks nobody', async () => {
    await write(a, 'CREATE TABLE a (id int)')
    await migrator.migrate()
    const reader = openPostgres(database.url, 1)
    const events = new EventEmitter()
    const began = once(events, 'began')
    const reading = reader.withConnection((connection) =>
      connection.transaction(async (tx) => {
        await tx.query('SELECT * FROM a')
        const end = once(events, 'end')
        events.emit('began')
        await end
      }),
    )
    await began
    await write(b, "SET LOCAL lock_timeout = '300ms'; ALTER TABLE a ADD COLUMN text text")
    await expect(migrator.migrate()).rejects.toThrow(/lock timeout.* It was rolled back\.$/)
    events.emit('end')
    await reading
    await reader.close()
    expect(await migrator.migrate()).toEqual([b])
  })
})
