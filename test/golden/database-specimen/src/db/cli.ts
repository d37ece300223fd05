import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { type CliContext, type ExitCode, exits } from '../cli/command.ts'
import { runCli } from '../cli/program.ts'
import { type DatabaseClient, openDatabase } from './client.ts'
import type { Difference } from './drift.ts'
import { runInServer } from './embedded.ts'
import { withoutStatement } from './errors.ts'
import type { MigrationStatus } from './migration-history.ts'
import { createMigrator, type Migrator } from './migrator.ts'
import { transaction } from './transaction.ts'

declare module '../cli/command.ts' {
  interface CliContext {
    /** The open database of the server that runs the command. */
    database?: DatabaseClient
  }
}

interface Options {
  json?: true
}

/** `db migrate`, `db rollback`, `db status`, `db check` and `db seed`. */
export function dbCommands(program: Command, context: CliContext): void {
  const group = program.command('db').description('migrate and seed the database')
  const onWait = () => context.io.stderr.write('Waiting for another process to migrate.\n')
  const withMigrator = <O extends Options>(
    work: (migrator: Migrator, options: O, client: DatabaseClient) => Promise<void>,
  ) =>
    exits((options: O) =>
      withDatabase(context, program, async (client) => {
        await work(createMigrator(client, { onWait }), options, client)
        return 0
      }),
    )
  function print(json: true | undefined, value: object, text: string): void {
    context.io.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`)
  }

  group
    .command('migrate')
    .alias('upgrade')
    .description('apply every pending migration')
    .option('--json', 'print JSON')
    .action(
      withMigrator(async (migrator, { json }) => {
        const applied = await migrator.migrate()
        print(json, { applied }, lines('Applied', applied) || 'Nothing to apply.')
      }),
    )
  group
    .command('rollback')
    .alias('downgrade')
    .description('roll back the migrations that were applied last')
    .option('--steps <n>', 'how many', positiveInteger, 1)
    .option('--json', 'print JSON')
    .action(
      withMigrator(async (migrator, { json, steps }: Options & { steps: number }) => {
        const rolledBack = await migrator.rollback(steps)
        print(json, { rolledBack }, lines('Rolled back', rolledBack) || 'Nothing to roll back.')
      }),
    )
  group
    .command('status')
    .description('list every migration and whether it is applied')
    .option('--json', 'print JSON')
    .action(
      withMigrator(async (migrator, { json }, { kind: database }) => {
        const migrations = await migrator.status()
        print(json, { database, migrations }, statusReport(migrations))
      }),
    )
  group
    .command('check')
    .description('compare the models with the migrations; exit code 1 if they differ')
    .option('--json', 'print JSON')
    .action(
      exits(async ({ json }: Options) => {
        const { findDrift } = await import('./drift.ts')
        const differences = await findDrift()
        const outOfOrder = await pendingOutOfOrder(context)
        const ok = differences.length === 0
        print(json, { ok, differences, outOfOrder }, checkReport(differences, outOfOrder ?? []))
        return ok ? 0 : 1
      }),
    )
  group
    .command('seed')
    .description('insert the example data of src/db/seed.ts')
    .option('--force', 'also in production')
    .action(
      exits(({ force }: { force?: true }) => {
        if (context.config().app.environment === 'production' && !force) {
          context.io.stderr.write('Refused in production. Add --force to seed it anyway.\n')
          return 1
        }
        return withDatabase(context, program, async ({ db }) => {
          const { seed } = await import('./seed.ts')
          await transaction(db, seed)
          context.io.stdout.write('Inserted the example data.\n')
          return 0
        })
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
  work: (client: DatabaseClient) => Promise<ExitCode>,
  input?: string,
): Promise<ExitCode> {
  const config = context.config().database
  if (!context.database && config.url === undefined) {
    // Commander's types leave out the command line that it was given.
    const { rawArgs: args } = program as Command & { rawArgs: string[] }
    const request = { args, ...(input !== undefined && { input }) }
    const exitCode = await runInServer(config.path, request, context.io)
    if (exitCode !== undefined) return exitCode
  }
  const client = context.database ?? (await openDatabase(config))
  try {
    return await work(client)
  } catch (error) {
    throw withoutStatement(error)
  } finally {
    if (client !== context.database) await client.close()
  }
}

/** Null if there is no database yet, as in CI, or if it doesn't answer. */
async function pendingOutOfOrder(context: CliContext): Promise<string[] | null> {
  const { url, path } = context.config().database
  if (url === undefined && !existsSync(path)) return null
  let output = ''
  const io = { stdout: { write: (text: string) => (output += text) }, stderr: { write() {} } }
  if ((await runCli(['db', 'status', '--json'], { ...context, io })) !== 0) return null
  const { migrations }: { migrations: MigrationStatus[] } = JSON.parse(output)
  return migrations.filter(({ outOfOrder }) => outOfOrder).map(({ id }) => id)
}

function statusReport(migrations: MigrationStatus[]): string {
  const report = migrations.map(({ id, state, appliedAt, outOfOrder }) => {
    const note = appliedAt ?? (outOfOrder ? 'older than an applied one' : '')
    return `${state.padEnd(7)}  ${id}  ${note}`.trimEnd()
  })
  return report.join('\n') || 'There are no migrations.'
}

function checkReport(differences: Difference[], outOfOrder: string[]): string {
  const drift = differences.map(
    ({ object, models, migrations }) =>
      `  ${object}\n    models:     ${definition(models)}\n    migrations: ${definition(migrations)}`,
  )
  return [
    ...(drift.length > 0
      ? ['Models and migrations differ:', ...drift, 'Write a migration, or correct the models.']
      : ['Models and migrations agree.']),
    ...outOfOrder.map((id) => `${id} is pending and older than an applied one; it will run.`),
  ].join('\n')
}

function definition(text: string | null): string {
  return text === null ? 'does not exist' : text || 'exists'
}

function lines(verb: string, ids: string[]): string {
  return ids.map((id) => `${verb} ${id}`).join('\n')
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be 1 or more.')
  return Number(text)
}
