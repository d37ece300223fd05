import { rm } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import { expect, type TestContext, test } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { type DatabaseClient, openPostgres, sessionSettings } from '../../../src/db/client.ts'
import { openPglite } from '../../../src/db/embedded.ts'
import { newDataFolder } from '../../support/data-folder.ts'
import { neededEnv } from '../../support/environment.ts'
import { alterDatabase, newDatabase, skipReason } from '../support/postgres.ts'

/** What a database administrator may have set for reasons of their own. */
const foreign = {
  timezone: "'America/New_York'",
  datestyle: "'German, DMY'",
  intervalstyle: "'sql_standard'",
  bytea_output: "'escape'",
  extra_float_digits: '0',
  standard_conforming_strings: 'off',
  default_transaction_isolation: "'serializable'",
  statement_timeout: "'50ms'",
  lock_timeout: "'40ms'",
}

const samples = pg.pgTable('samples', {
  id: pg.integer().primaryKey(),
  at: pg.timestamp({ withTimezone: true }),
  number: pg.doublePrecision(),
  day: pg.date({ mode: 'string' }),
  bytes: pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })(),
  every: pg.interval(),
})

const sample = {
  id: 1,
  // In this year New York was 4:56:02 behind Greenwich, an offset that `Date` can't parse.
  at: new Date('1800-06-01T12:00:00.123Z'),
  number: 0.1 + 0.2,
  day: '2026-02-01',
  bytes: new Uint8Array([0, 92, 255]),
  every: '1 day 02:00:00',
}

async function checkValues({ db, query }: DatabaseClient): Promise<void> {
  await query(`CREATE TABLE samples (id int PRIMARY KEY, at timestamptz, number float8, day date,
    bytes bytea, every interval)`)
  await db.insert(samples).values(sample)
  const [row] = await db.select().from(samples)
  expect({ ...row, bytes: new Uint8Array(row?.bytes ?? []) }).toEqual(sample)
}

async function checkSettings({ query }: Pick<DatabaseClient, 'query'>): Promise<void> {
  for (const [name, value] of Object.entries(sessionSettings)) {
    const [row] = await query<{ setting: string }>('SELECT current_setting($1) AS setting', [name])
    expect(`${name} = ${row?.setting}`).toContain(`${name} = ${value}`)
  }
}

async function pgliteWithForeignSettings(context: TestContext): Promise<string> {
  const folder = await newDataFolder()
  context.onTestFinished(() => rm(folder, { recursive: true }))
  const client = await openPglite(folder)
  const [row] = await client.query<{ name: string }>('SELECT current_database() AS name')
  for (const statement of alterDatabase(row?.name ?? '', foreign)) await client.query(statement)
  await client.close()
  return folder
}

test('PGlite keeps its session settings whatever the database says', async (context) => {
  const client = await openPglite(await pgliteWithForeignSettings(context))
  await checkSettings(client)
  await checkValues(client)
  await client.close()
})

test('PGlite restores its session settings after a migration', async (context) => {
  const folder = await newDataFolder()
  context.onTestFinished(() => rm(folder, { recursive: true }))
  const client = await openPglite(folder)
  await client.withConnection(async (connection) => {
    await connection.run("SET timezone TO 'Asia/Tokyo'; SET search_path TO ''; SET ROLE NONE")
  })
  await checkSettings(client)
  await checkValues(client)
  await client.close()
})

test.skipIf(skipReason)(
  'PostgreSQL keeps its session settings in the pool and outside it',
  async (context) => {
    const client = openPostgres(await newDatabase(context, foreign), 2)
    context.onTestFinished(() => client.close())
    await checkSettings(client)
    await checkValues(client)
    await client.withConnection(async (connection) => {
      await checkSettings(connection)
      // Longer than the timeout of the database.
      await connection.run('SELECT pg_sleep(0.2)')
      expect(await connection.query('SHOW lock_timeout')).toEqual([{ lock_timeout: '0' }])
    })
    expect(await client.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '30s' }])
  },
)

test.skipIf(skipReason)('PostgreSQL keeps them after RESET ALL', async (context) => {
  const client = openPostgres(await newDatabase(context, foreign), 1)
  context.onTestFinished(() => client.close())
  await client.query('RESET ALL')
  await checkSettings(client)
})

test.skipIf(skipReason)('options of DATABASE_URL stay, except those', async (context) => {
  const url = new URL(await newDatabase(context))
  url.searchParams.set('options', '-c TimeZone=Asia/Tokyo -c search_path=somewhere')
  url.searchParams.set('statement_timeout', '1234')
  const client = openPostgres(url.href, 1)
  context.onTestFinished(() => client.close())
  await checkSettings(client)
  expect(await client.query('SHOW search_path')).toEqual([{ search_path: 'somewhere' }])
  expect(await client.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '1234ms' }])
})

test.skipIf(skipReason)('the service starts, migrates and is ready with them', async (context) => {
  const env = { ...neededEnv, NODE_ENV: 'test', LOG_LEVEL: 'silent', MIGRATE_ON_START: 'true' }
  const url = await newDatabase(context, foreign)
  const app = await buildApp(loadConfig({ ...env, DATABASE_URL: url }))
  context.onTestFinished(() => app.close())
  expect((await app.inject('/health/ready')).statusCode).toBe(200)
  const { rows } = await app.db.execute(sql`SELECT count(*)::int AS count FROM schema_migrations`)
  expect(rows).toHaveLength(1)
})

test.skipIf(skipReason)('a read-only database answers 503 for what it refuses', async (context) => {
  const url = await newDatabase(context, { default_transaction_read_only: 'on' })
  const env = { ...neededEnv, NODE_ENV: 'test', LOG_LEVEL: 'silent', MIGRATE_ON_START: 'false' }
  const app = await buildApp(loadConfig({ ...env, DATABASE_URL: url }))
  context.onTestFinished(() => app.close())
  app.get('/write', () => app.db.execute(sql`CREATE TABLE x (id int)`))
  expect((await app.inject('/write')).statusCode).toBe(503)
})
