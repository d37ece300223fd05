import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { Overrides } from '../../src/app.ts'
import type { DatabaseClient } from '../../src/db/client.ts'
import { openPostgres } from '../../src/db/client.ts'
import { emptyDatabase as dropEverything } from '../../src/db/drift.ts'
import { openPglite } from '../../src/db/embedded.ts'
import { createMigrator, historyTable } from '../../src/db/migrator.ts'
import { newDataFolder } from './data-folder.ts'

/** PostgreSQL to test against; without it, PGlite. */
export const postgresUrl = process.env.DATABASE_URL

export interface TestDatabase {
  client: DatabaseClient
  /** How a service would reach it; empty for PGlite, which lives in this process. */
  url: string
  drop(): Promise<void>
}

/**
 * The database of the tests: migrated, empty, and used by no other worker.
 *
 * With DATABASE_URL it is a schema on that PostgreSQL, dropped when the last app of the worker
 * closes; otherwise a PGlite that a worker opens once and empties then. So every app must be closed,
 * and apps that are open at the same time share the database. Tests that write more than once
 * through one app call `resetDatabase`. For another database, call `buildApp`.
 */
export default async function database(overrides: Overrides): Promise<void> {
  shared ??= openShared()
  users += 1
  const { client, drop } = await shared
  overrides.database = {
    ...client,
    async close() {
      users -= 1
      if (users === 0) await drop()
    },
  }
}

/**
 * A database with nothing in it. On PGlite it is the one that apps share, so no app may be open.
 * @param parameters query parameters of the URL on PostgreSQL, for example `statement_timeout`
 */
export async function emptyDatabase(
  parameters: Record<string, string> = {},
  poolSize?: number,
): Promise<TestDatabase> {
  return postgresUrl ? newSchema(postgresUrl, parameters, poolSize) : scratchDatabase()
}

/** The PGlite of this worker, emptied; also if the tests have PostgreSQL. */
export async function scratchDatabase(): Promise<TestDatabase> {
  const client = await openWorkersPglite()
  await client.withConnection(dropEverything)
  return {
    client,
    url: '',
    async drop() {
      await client.withConnection(dropEverything)
      // The next app has to migrate it again.
      if (!postgresUrl) shared = undefined
    },
  }
}

/** Removes every row of every table, but not the history of the migrations. */
export async function resetDatabase({ query }: Pick<DatabaseClient, 'query'>): Promise<void> {
  // Takes a fiftieth of a TRUNCATE's time. In one statement, which checks foreign keys at its end.
  const [deletes] = await query<{ list: string | null }>(
    `SELECT string_agg(format('%I AS (DELETE FROM %I.%I)', tablename, schemaname, tablename), ', ')
       AS list
     FROM pg_tables WHERE schemaname = current_schema() AND tablename <> $1`,
    [historyTable],
  )
  if (deletes?.list) await query(`WITH ${deletes.list} SELECT`)
}

let shared: Promise<TestDatabase> | undefined
let pglite: Promise<DatabaseClient> | undefined
let users = 0

async function openShared(): Promise<TestDatabase> {
  if (!postgresUrl) {
    const client = await openWorkersPglite()
    await createMigrator(client).migrate()
    return { client, url: '', drop: () => resetDatabase(client) }
  }
  const schema = await newSchema(postgresUrl)
  await createMigrator(schema.client).migrate()
  return {
    ...schema,
    async drop() {
      shared = undefined
      await schema.drop()
    },
  }
}

function openWorkersPglite(): Promise<DatabaseClient> {
  pglite ??= newDataFolder().then((folder) => {
    const remove = () => rmSync(folder, { recursive: true, force: true })
    process.once('exit', remove)
    // Vitest ends a worker with this signal, which causes no exit event.
    process.once('SIGTERM', () => {
      remove()
      process.kill(process.pid, 'SIGTERM')
    })
    return openPglite(folder)
  })
  return pglite
}

async function newSchema(
  postgres: string,
  parameters: Record<string, string> = {},
  poolSize = 10,
): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  const url = new URL(postgres)
  url.searchParams.set('options', `-c search_path=${name}`)
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value)
  const client = openPostgres(url.href, poolSize)
  await client.query(`CREATE SCHEMA ${name}`)
  return {
    client,
    url: url.href,
    async drop() {
      await client.query(`DROP SCHEMA ${name} CASCADE`)
      await client.close()
    },
  }
}
