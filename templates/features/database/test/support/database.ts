import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { Overrides } from '../../src/app.ts'
import { loadConfig } from '../../src/config/index.ts'
import { emptyDatabase as emptyWholly } from '../../src/db/catalog.ts'
import { type DatabaseClient, openDatabase } from '../../src/db/client.ts'
import { historyTable } from '../../src/db/migration-history.ts'
import { createMigrator } from '../../src/db/migrator.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { newDataFolder } from './data-folder.ts'

/**
 * The database of the tests: migrated, empty, and seen by no other worker.
 *
 * With DATABASE_URL it is a schema of its own on that PostgreSQL, dropped when the last app of the
 * worker closes; without, a PGlite that a worker opens once and empties then. So every app must be
 * closed, and apps that are open at the same time share it. Tests that write through one app clean
 * up after themselves, or call `resetDatabase`. An app with another database is made by `buildApp`.
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

/** A database with nothing in it, on the same server; `env` may set DATABASE_* variables. */
export async function emptyDatabase(env: Record<string, string> = {}): Promise<TestDatabase> {
  return postgresUrl ? newSchema(postgresUrl, env) : pgliteSchema()
}

/** A PGlite to empty as a whole, also where the tests have PostgreSQL; no app may be open meanwhile. */
export async function scratchDatabase(): Promise<TestDatabase> {
  pglite ??= openWorkers()
  const client = await pglite
  return {
    client,
    async drop() {
      await client.withConnection(emptyWholly)
      // Whoever needs the shared database next has to migrate it again.
      if (!postgresUrl) shared = undefined
    },
  }
}

/** Removes every row of every table, but not the history of the migrations. */
export async function resetDatabase({ query }: Pick<DatabaseClient, 'query'>): Promise<void> {
  const [tables] = await query<{ list: string | null }>(
    `SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS list
     FROM pg_tables WHERE schemaname = current_schema() AND tablename <> $1`,
    [historyTable],
  )
  if (tables?.list) await query(`TRUNCATE ${tables.list} RESTART IDENTITY CASCADE`)
}

export interface TestDatabase {
  client: DatabaseClient
  /** How a service would reach it; not on PGlite, which lives in this process. */
  url?: string
  drop(): Promise<void>
}

/** PostgreSQL to test against; without it, PGlite. */
export const postgresUrl = process.env.DATABASE_URL

let shared: Promise<TestDatabase> | undefined
let pglite: Promise<DatabaseClient> | undefined
let users = 0

async function openShared(): Promise<TestDatabase> {
  if (postgresUrl) {
    const { client, drop } = await newSchema(postgresUrl)
    await createMigrator(client).migrate()
    return {
      client,
      async drop() {
        shared = undefined
        await drop()
      },
    }
  }
  pglite ??= openWorkers()
  const client = await pglite
  await createMigrator(client).migrate()
  return { client, drop: () => resetDatabase(client) }
}

async function openWorkers(): Promise<DatabaseClient> {
  const folder = await newDataFolder()
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  // By this signal Vitest ends a worker, and it causes no exit event.
  process.once('SIGTERM', () => {
    remove()
    process.kill(process.pid, 'SIGTERM')
  })
  return openPglite(folder)
}

/** PGlite has one session: until `drop`, the shared database is out of sight. */
async function pgliteSchema(): Promise<TestDatabase> {
  pglite ??= openWorkers()
  const client = await pglite
  const name = newName()
  await client.query(`CREATE SCHEMA ${name}`)
  await client.query(`SET search_path TO ${name}`)
  return {
    client,
    async drop() {
      await client.query('RESET search_path')
      await client.query(`DROP SCHEMA ${name} CASCADE`)
    },
  }
}

async function newSchema(url: string, env: Record<string, string> = {}): Promise<TestDatabase> {
  const name = newName()
  const within = new URL(url)
  within.searchParams.set('options', `-c search_path=${name}`)
  const config = loadConfig({ ...env, NODE_ENV: 'test', DATABASE_URL: within.href })
  const client = await openDatabase(config.database)
  await client.query(`CREATE SCHEMA ${name}`)
  return {
    client,
    url: within.href,
    async drop() {
      await client.query(`DROP SCHEMA ${name} CASCADE`)
      await client.close()
    },
  }
}

function newName(): string {
  return `test_${process.pid}_${randomBytes(4).toString('hex')}`
}
