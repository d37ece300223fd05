import { eq } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { openPostgres } from '../../../src/db/client.ts'
import { createMigrator } from '../../../src/db/migrator.ts'
import { testCredentials } from '../../support/client.ts'
import { emptyDatabase } from '../../support/database.ts'
import { neededEnv } from '../../support/environment.ts'
import { skipReason } from '../support/postgres.ts'

const notes = pg.pgTable('notes', { id: pg.integer().primaryKey(), size: pg.integer() })

test.skipIf(skipReason)('a query survives that a column changes its type', async (context) => {
  const { client, url, drop } = await emptyDatabase({}, 1)
  context.onTestFinished(drop)
  await client.query('CREATE TABLE notes (id int PRIMARY KEY, size int)')
  await client.query('INSERT INTO notes VALUES (1, 7)')
  const read = () => client.db.select().from(notes).where(eq(notes.id, 1))
  expect(await read()).toEqual([{ id: 1, size: 7 }])
  const migration = openPostgres(url, 1)
  await migration.query('ALTER TABLE notes ALTER COLUMN size TYPE bigint')
  await migration.close()
  // On the same connection: the pool has one.
  expect(await read()).toEqual([{ id: 1, size: 7 }])
})

/** Every GET of the service's own API, with a made-up id where one is needed. */
function paths(openapi: { paths: Record<string, Record<string, unknown>> }): string[] {
  return Object.entries(openapi.paths)
    .filter(([path, methods]) => 'get' in methods && path.startsWith('/api'))
    .map(([path]) => path.replace(/\{[^}]+\}/g, '0190a000-0000-7000-8000-000000000000'))
}

test.skipIf(skipReason)('no route leaves a prepared statement on a connection', async (context) => {
  const { client, drop } = await emptyDatabase({}, 1)
  context.onTestFinished(drop)
  await createMigrator(client).migrate()
  const env = { ...neededEnv, NODE_ENV: 'test', LOG_LEVEL: 'silent', DOCS_ENABLED: 'true' }
  const database = { ...client, close: async () => {} }
  const app = await buildApp(loadConfig(env), { database })
  context.onTestFinished(() => app.close())
  const headers = await testCredentials(app)
  for (const url of paths((await app.inject('/openapi.json')).json())) {
    // Twice: a statement that is prepared on its second use would show, too.
    for (let count = 0; count < 2; count += 1) await app.inject({ url, headers })
  }
  expect(await client.query('SELECT name, statement FROM pg_prepared_statements')).toEqual([])
})
