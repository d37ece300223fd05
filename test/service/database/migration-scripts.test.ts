import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readMigrations } from '../../../src/db/migrator.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(up: string) {
  await writeFile(join(folder, '20260101000000_a.up.sql'), up)
  await writeFile(join(folder, '20260101000000_a.down.sql'), 'SELECT 1')
  return readMigrations(folder)
}

test.each([
  'BEGIN;\nSELECT 1;',
  'SELECT 1;\ncommit',
  'SELECT 1; COMMIT; -- done',
  'start  transaction; SELECT 1',
  "INSERT INTO a VALUES ('--'); ROLLBACK;",
  '/* one */ COMMIT WORK;',
])('refuses the transaction control in %j', async (up) => {
  await expect(read(up)).rejects.toThrow(
    /^Remove .* the migrator runs each file in a transaction\.$/s,
  )
})

test.each([
  'DO $$ BEGIN; COMMIT; END $$',
  'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $x$\nBEGIN\nRETURN 1;\nEND\n$x$;',
  'SAVEPOINT s; ROLLBACK TO SAVEPOINT s',
  "INSERT INTO a VALUES ('a; COMMIT;')",
  "SELECT 1; -- don't\n-- COMMIT;\nSELECT 2",
  '/*\nCOMMIT;\n*/ SELECT 1',
])('accepts %j', async (up) => {
  expect(await read(up)).toHaveLength(1)
})

test.each(['', '-- nothing\n;;  /* here */'])('refuses %j, which does nothing', async (up) => {
  await expect(read(up)).rejects.toThrow('contains no statement')
})
