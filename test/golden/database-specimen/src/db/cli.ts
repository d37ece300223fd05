import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { sql } from 'drizzle-orm'
import { type CliContext, exitWith, upTo } from '../cli/command.ts'
import { errorMessage } from '../observability/error-serializer.ts'
import { type DatabaseClient, openDatabase, transaction } from './client.ts'
import { findDrift } from './drift.ts'
import { runInServer } from './embedded.ts'
import { sqlState, withoutStatement } from './errors.ts'
import { createMigrator, idsOf } from './migrator.ts'
import { seed } from './seed.ts'

declare module '../cli/command.ts' {
  interface CliContext {
    /** The open database of the server that runs the command. */
    database?: DatabaseClient
  }
}

type Options = { json?: true }

/** More than any folder has migrations. */
const maxSteps = 999_999

/** `db migrate`, `db rollback`, `db status`, `db rows`, `db check` and `db seed`. */
export function dbCommands(program: Command, context: CliContext): void {
  const group = program.command('db').description('migrate and seed the database')
  const command = (name: string, description: string) =>
    group.command(name).description(description).option('--json', 'print JSON')
  const onDatabase =
    <O>(work: (client: DatabaseClient, options: O) => Promise<void>) =>
    (options: O) =>
      withDatabase(context, program, (client) => work(client, options))

  /** Prints `value` as JSON with `--json`, and as `lines` without it, or `none` if there are none. */
  function print(json: true | undefined, value: object, lines: string[], none = ''): void {
    const text = json ? JSON.stringify(value, null, 2) : lines.join('\n') || none
    context.io.stdout.write(`${text}\n`)
  }

  const migrate = onDatabase(async (client, { json }: Options) => {
    const applied = await createMigrator(client).migrate()
    const lines = applied.map((id) => `Applied ${id}`)
    print(json, { applied }, lines, 'Nothing to apply.')
  })
  const rollback = onDatabase(async (client, { json, steps }: Options & { steps: number }) => {
    const rolledBack = await createMigrator(client).rollback(steps)
    const lines = rolledBack.map((id) => `Rolled back ${id}`)
    print(json, { rolledBack }, lines, 'Nothing to roll back.')
  })
  const status = onDatabase(async (client, { json }: Options) => {
    const migrations = await createMigrator(client).status()
    const lines = migrations.map(({ id, state }) => `${state}  ${id}`)
    print(json, { database: client.kind, migrations }, lines, 'There are no migrations.')
  })

  command('migrate', 'apply every pending migration').alias('upgrade').action(migrate)
  command('rollback', 'roll back the migrations that were applied last')
    .alias('downgrade')
    .option('--steps <n>', 'how many', upTo(maxSteps), 1)
    .action(rollback)
  command('status', 'list every migration and whether it is applied').action(status)
  command('rows <table>', 'count the rows of a table').action((table: string, { json }: Options) =>
    withDatabase(context, program, async ({ db }) => {
      const rows = await db.$count(sql.identifier(table))
      print(json, { table, rows }, [`${rows}`])
    }),
  )
  command('check', 'compare models, migrations and history; exit code 1 if they differ').action(
    ({ json }: Options) => {
      async function check(client?: DatabaseClient): Promise<void> {
        const differences = await findDrift()
        const status = client ? await createMigrator(client).status() : []
        const outOfOrder = status.filter((it) => it.outOfOrder).map(({ id }) => id)
        const changed = idsOf(status, 'changed')
        const missing = idsOf(status, 'missing')
        const ok = differences.length + changed.length + missing.length === 0
        const lines = [
          ...differences.map(
            ({ object, models, migrations }) =>
              `${object}: models: ${models ?? 'missing'}; migrations: ${migrations ?? 'missing'}`,
          ),
          ...changed.map((id) => `${id} was changed after it was applied.`),
          ...missing.map((id) => `${id} was applied, and its files are missing: restore them.`),
          ...outOfOrder.map((id) => `${id} is pending and older than an applied migration.`),
        ]
        const report = { ok, differences, changed, missing, outOfOrder }
        print(json, report, lines, 'Models and migrations agree.')
        exitWith(ok ? 0 : 1)
      }
      // Without a database, as in CI, it compares the models only.
      const { url, path } = context.config().database
      const isThere = context.database || url || existsSync(path)
      return isThere ? withDatabase(context, program, check) : check()
    },
  )
  group
    .command('seed')
    .description('insert the example data of src/db/seed.ts')
    .option('--force', 'also in production')
    .action(
      onDatabase(async ({ db }, { force }: { force?: true }) => {
        if (context.config().app.environment === 'production' && !force) {
          throw new Error('Refused in production. Add --force to seed it anyway.')
        }
        await transaction(db, seed)
        context.io.stdout.write('Inserted the example data.\n')
      }),
    )
}

/**
 * Runs a command on the service's database. While a server has the PGlite folder open, the server
 * runs it: the command line of `program` goes there, with the `input` that was read.
 * @throws {FolderInUseError} when another command has the PGlite folder open
 */
export async function withDatabase(
  context: CliContext,
  program: Command,
  work: (client: DatabaseClient) => Promise<void>,
  input?: string,
): Promise<void> {
  const config = context.config().database
  if (!context.database && config.url === undefined) {
    // Commander's types leave out the command line that it was given.
    const { rawArgs: args } = program as Command & { rawArgs: string[] }
    const exitCode = await runInServer(config.path, { args, input }, context.io)
    if (exitCode !== undefined) return exitWith(exitCode)
  }
  const client = context.database ?? (await openDatabase(config))
  try {
    await work(client)
  } catch (error) {
    const reason = withoutStatement(error)
    // The SQLSTATE of a table that doesn't exist.
    if (sqlState(reason) !== '42P01') throw reason
    throw new Error(`${errorMessage(reason)}. If a migration is pending, run \`db migrate\` first.`)
  } finally {
    if (client !== context.database) await client.close()
  }
}
