import { expect, test } from 'vitest'
import { sqlStatements } from '../../../src/db/migration-files.ts'

test.each([
  ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
  ['SELECT 1 -- one; still\n; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['/* a; /* b; */ c; */ SELECT 1', ['SELECT 1']],
  ["SELECT 'a;''b;'; SELECT 2", ["SELECT 'a;''b;'", 'SELECT 2']],
  ["SELECT E'a\\';b'", ["SELECT E'a\\';b'"]],
  ['SELECT 1 AS "a;b"', ['SELECT 1 AS "a;b"']],
  ['DO $$ BEGIN; END $$', ['DO $$ BEGIN; END $$']],
  ['DO $x$ a; $$; $x$; SELECT 2', ['DO $x$ a; $$; $x$', 'SELECT 2']],
  ['SELECT a$b$c; SELECT 2', ['SELECT a$b$c', 'SELECT 2']],
  ['SELECT 1\n+ 1;\n\nSELECT 2', ['SELECT 1\n+ 1', 'SELECT 2']],
  ['-- nothing\n;;  /* here */', []],
])('splits %j', (script, statements) => {
  expect(sqlStatements(script)).toEqual(statements)
})

test('ends in linear time on a comment that is never closed', () => {
  const script = `/* ${'/* x */ '.repeat(5_000)}`
  expect(sqlStatements(script)).toEqual(['/*'])
})
