import { expect, test } from 'vitest'
import { mayLoseData } from '../../../src/db/data-loss.ts'

test.each([
  'DROP TABLE notes',
  'CREATE TABLE a (id int);\n\ndrop  table\n  if exists "notes" cascade;',
  'ALTER TABLE notes DROP COLUMN text',
  'ALTER TABLE notes ADD color text, DROP IF EXISTS "text"',
  'ALTER TABLE notes DROP view',
  'ALTER TABLE notes DROP index CASCADE',
  'DROP SCHEMA app CASCADE',
  'DROP TYPE color CASCADE',
  'TRUNCATE notes',
  'TRUNCATE TABLE ONLY notes',
  'DELETE FROM notes WHERE id > 1',
  'WITH gone AS (DELETE FROM notes RETURNING *) INSERT INTO old SELECT * FROM gone',
  'MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE',
  'ALTER TABLE notes ALTER COLUMN "size" TYPE smallint',
  'ALTER TABLE notes ALTER size SET DATA TYPE date USING size::date',
  'DO $$ BEGIN DROP TABLE notes; END $$',
  "DO $x$ BEGIN EXECUTE 'DROP TABLE ' || name; END $x$",
  "SELECT 'it''s'; DROP TABLE notes; SELECT 'x'",
  "SELECT E'\\''; DROP TABLE notes; --'",
  `COMMENT ON TABLE "it's" IS 'x'; DROP TABLE notes`,
  '/* /* nested */ */ DROP TABLE notes',
  "-- don't\nDROP TABLE notes",
])('may lose data: %s', (sql) => {
  expect(mayLoseData(sql)).toBe(true)
})

test.each([
  'CREATE TABLE notes (id int REFERENCES tags ON DELETE CASCADE)',
  'ALTER TABLE notes ADD COLUMN dropped boolean',
  'ALTER TABLE notes DROP CONSTRAINT notes_check, ALTER id DROP NOT NULL, ALTER id DROP DEFAULT',
  'DROP INDEX CONCURRENTLY IF EXISTS notes_idx; DROP VIEW old; DROP TRIGGER t ON notes',
  "CREATE TYPE color AS ENUM ('red'); ALTER TYPE color ADD VALUE 'blue'",
  'CREATE TABLE things ("type" text, type text)',
  'CREATE TRIGGER t BEFORE DELETE OR TRUNCATE ON notes EXECUTE FUNCTION f()',
  'GRANT DELETE, TRUNCATE ON notes TO app',
  'UPDATE notes SET text = upper(text)',
  '-- DROP TABLE notes\nSELECT 1',
  '/* DROP TABLE notes;\nDELETE FROM notes */ SELECT 1',
  "INSERT INTO notes VALUES ('; DROP TABLE notes')",
  "INSERT INTO notes VALUES ('it''s; DROP TABLE notes', E'\\'; DROP TABLE notes')",
  'SELECT id AS "DROP TABLE notes" FROM tags',
])('loses no data: %s', (sql) => {
  expect(mayLoseData(sql)).toBe(false)
})
