import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readMigrations } from '../../../src/db/migration-files.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
}

const first = '20260102030405_create_a'

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
  expect(migrations[0]?.up).toEqual({
    file: `${first}.up.sql`,
    sql: 'SELECT 1',
    transaction: true,
  })
})

test('a folder that is not there holds no migration', async () => {
  expect(await readMigrations(join(folder, 'none'))).toEqual([])
})

test('the checksum is the same for both kinds of line ends', async () => {
  await write({ [`${first}.up.sql`]: 'SELECT\n1', [`${first}.down.sql`]: 'SELECT 1' })
  const [unix] = await readMigrations(folder)
  await write({ [`${first}.up.sql`]: 'SELECT\r\n1' })
  const [windows] = await readMigrations(folder)
  expect(windows?.checksum).toBe(unix?.checksum)
})

test('the first line can opt out of the transaction', async () => {
  await write({
    [`${first}.up.sql`]: '-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);',
    [`${first}.down.sql`]: 'SELECT 1\n-- migrate: no-transaction',
  })
  const [migration] = await readMigrations(folder)
  expect([migration?.up.transaction, migration?.down.transaction]).toEqual([false, true])
})

const ok = 'SELECT 1'

test.each([
  [{ 'create_a.up.sql': ok }, /^create_a\.up\.sql: the name must be/],
  [{ '20260102030405_CreateA.up.sql': ok }, /the name must be/],
  [{ '20260102030405_a.SQL': ok }, /the name must be/],
  [{ '20261302030405_a.up.sql': ok }, /20261302030405 is no date/],
  [{ '20260230030405_a.up.sql': ok }, /20260230030405 is no date/],
  [{ [`${first}.up.sql`]: ok }, /create_a\.down\.sql is missing/],
  [{ [`${first}.down.sql`]: ok }, /create_a\.up\.sql is missing/],
  [
    { [`${first}.up.sql`]: '-- later\n;', [`${first}.down.sql`]: ok },
    /^20260102030405_create_a\.up\.sql: there is no statement in it$/,
  ],
  [
    { [`${first}.up.sql`]: '-- migrate: no-transaction\nSELECT 1; SELECT 2' },
    /there must be one statement, not 2/,
  ],
  [{ [`${first}.up.sql`]: 'SELECT 1; commit;' }, /commit is not allowed/],
])('%j is refused', async (files, fault) => {
  await write(files)
  await expect(readMigrations(folder)).rejects.toThrow('cannot be used')
  const faults = await readMigrations(folder).catch((error) => error.faults)
  expect(faults).toContainEqual(expect.stringMatching(fault))
})

test('duplicate timestamps and names are refused, all at once', async () => {
  await write({
    '20260102030405_a.up.sql': ok,
    '20260102030405_a.down.sql': ok,
    '20260102030405_b.up.sql': ok,
    '20260102030405_b.down.sql': ok,
    '20260102030406_a.up.sql': ok,
    '20260102030406_a.down.sql': ok,
  })
  await expect(readMigrations(folder)).rejects.toMatchObject({
    faults: [
      '20260102030405_b.up.sql: 20260102030405_a.up.sql has the same timestamp 20260102030405',
      '20260102030406_a.up.sql: 20260102030405_a.up.sql has the same name a',
    ],
  })
})
