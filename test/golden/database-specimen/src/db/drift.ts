import { type Catalog, emptyDatabase, readCatalog } from './catalog.ts'
import type { Connection, DatabaseClient } from './client.ts'
import { type Migration, readMigrations } from './migration-files.ts'
import { MigrationFailedError } from './migrator.ts'
import { openPglite } from './pglite.ts'
import * as schema from './schema.ts'

export interface Difference {
  /** For example `column products.price`. */
  object: string
  /** What the models say; null where they do not have it. */
  models: string | null
  /** What the migrations produce; null where they do not. */
  migrations: string | null
}

export interface DriftOptions {
  /** The exports of the models; those of `schema.ts` by default. */
  models?: Record<string, unknown>
  folder?: string
  /** A database that is emptied for this; by default one in memory, made and closed here. */
  scratch?: DatabaseClient
}

/**
 * Compares the models with what the migrations really produce, in a scratch database in memory:
 * it reads the catalog after all migrations, empties it, makes the tables of the models from
 * nothing, and reads again. The service's own database is not asked.
 * @returns the differences, sorted by object; none if models and migrations agree
 * @throws {MigrationFailedError} when a migration does not run
 */
export async function findDrift(options: DriftOptions = {}): Promise<Difference[]> {
  const migrations = await readMigrations(options.folder)
  const statements = await statementsOf(options.models ?? schema)
  const scratch = options.scratch ?? (await openPglite())
  try {
    return await scratch.withConnection(async (connection) => {
      await emptyDatabase(connection)
      const migrated = await catalogAfter(connection, migrations)
      await emptyDatabase(connection)
      for (const statement of statements) await connection.run(statement)
      return compare(await readCatalog(connection), migrated)
    })
  } finally {
    if (scratch !== options.scratch) await scratch.close()
  }
}

async function catalogAfter(connection: Connection, migrations: Migration[]): Promise<Catalog> {
  for (const { up } of migrations) {
    await connection.run(up.sql).catch((error: unknown) => {
      throw new MigrationFailedError(up, error)
    })
  }
  return readCatalog(connection)
}

async function statementsOf(models: Record<string, unknown>): Promise<string[]> {
  const { generateDrizzleJson, generateMigration } = await loadDrizzleKit()
  return generateMigration(
    generateDrizzleJson({}),
    generateDrizzleJson(models, undefined, undefined, 'snake_case'),
  )
}

function loadDrizzleKit() {
  return import('drizzle-kit/api').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Error(
      'This needs drizzle-kit, a devDependency that is not installed here. Run it in a ' +
        'development or CI install, not in production.',
      { cause: error },
    )
  })
}

function compare(models: Catalog, migrations: Catalog): Difference[] {
  const differences: Difference[] = []
  for (const object of [...new Set([...models.keys(), ...migrations.keys()])].sort()) {
    const model = models.get(object) ?? null
    const migration = migrations.get(object) ?? null
    if (model !== migration) differences.push({ object, models: model, migrations: migration })
  }
  return collapse(differences)
}

/** Of a table that one side lacks, its columns and indexes say nothing more. */
function collapse(differences: Difference[]): Difference[] {
  const tables = differences
    .filter(({ object }) => object.startsWith('table '))
    .map(({ object }) => object.slice('table '.length))
  return differences.filter(
    ({ object }) =>
      object.startsWith('table ') ||
      !tables.some((table) => object.slice(object.indexOf(' ') + 1).startsWith(`${table}.`)),
  )
}
