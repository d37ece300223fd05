import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mayLoseData } from '../../src/db/data-loss.ts'
import { readMigrations } from '../../src/db/migrator.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
}

const first = '20260102030405_create_a'
const ok = 'SELECT 1'

test('reads pairs in the order of their timestamps', async () => {
  await write({
    '20260203040506_create_b.up.sql': 'SELECT 2',
    '20260203040506_create_b.down.sql': 'SELECT -2',
    [`${first}.up.sql`]: 'SELECT 1',
    [`${first}.down.sql`]: 'SELECT -1',
    'README.md': 'not a migration',
  })
  const migrations = await readMigrations(folder)
  expect(migrations.map(({ id }) => id)).toEqual([first, '20260203040506_create_b'])
  expect(migrations[0]).toMatchObject({
    up: { file: `${first}.up.sql`, sql: 'SELECT 1', transaction: true },
    down: { file: `${first}.down.sql`, sql: 'SELECT -1' },
  })
})

test('gives LF and CRLF the same checksum', async () => {
  await write({ [`${first}.up.sql`]: 'SELECT\n1', [`${first}.down.sql`]: ok })
  const [unix] = await readMigrations(folder)
  await write({ [`${first}.up.sql`]: 'SELECT\r\n1' })
  const [windows] = await readMigrations(folder)
  expect(windows?.checksum).toBe(unix?.checksum)
})

test('lets the first line opt out of the transaction', async () => {
  await write({
    [`${first}.up.sql`]: '-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);',
    [`${first}.down.sql`]: 'SELECT 1\n-- migrate: no-transaction',
  })
  const [migration] = await readMigrations(folder)
  expect([migration?.up.transaction, migration?.down.transaction]).toEqual([false, true])
})

test.each([
  [{ 'create_a.up.sql': ok }, 'Rename create_a.up.sql to'],
  [{ '20260102030405_CreateA.up.sql': ok }, 'Rename 20260102030405_'],
  [{ '20260102030405_a.SQL': ok }, 'Rename 20260102030405_'],
  [{ [`${first}.up.sql`]: ok }, `${first}.down.sql is missing`],
  [{ [`${first}.down.sql`]: ok }, `${first}.up.sql is missing`],
  [pair('-- later\n;'), `${first}.up.sql contains no statement`],
  [pair('SELECT 1; commit;'), `Remove commit from ${first}.up.sql`],
])('refuses %j', async (files, fault) => {
  await write(files)
  await expect(readMigrations(folder)).rejects.toThrow(fault)
})

test.each([
  ['ALTER TABLE notes DROP "text"', true],
  ['CREATE TABLE a (id int); DROP TABLE notes', true],
  ['DO $$ BEGIN DELETE FROM notes; END $$', true],
  ["SELECT 'DROP TABLE notes' -- DROP TABLE notes", false],
  ['ALTER TABLE notes DROP CONSTRAINT notes_check', false],
])('tells whether a script may lose data: %s', (sql, expected) => {
  expect(mayLoseData(sql)).toBe(expected)
})

function pair(up: string): Record<string, string> {
  return { [`${first}.up.sql`]: up, [`${first}.down.sql`]: ok }
}
