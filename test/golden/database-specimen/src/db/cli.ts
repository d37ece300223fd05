import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import type { CliContext } from '../cli/command.ts'
import { type ExitCode, exits } from '../cli/command.ts'
import { runCli } from '../cli/program.ts'
import { findDrift } from './drift.ts'
import type { MigrationStatus } from './migration-status.ts'
import { createMigrator, type Migrator } from './migrator.ts'
import { checkReport, statusReport } from './report.ts'
import { withDatabase } from './with-database.ts'

interface Options {
  json?: true
}

/** `db migrate`, `db rollback`, `db status` and `db check`. */
export function dbCommands(program: Command, context: CliContext): void {
  const group = program.command('db').description('migrate the database')

  function onDatabase<O extends Options>(
    run: (migrator: Migrator, options: O, kind: 'postgres' | 'pglite') => Promise<ExitCode>,
  ) {
    return exits((options: O) =>
      withDatabase(context, program, (client) =>
        run(createMigrator(client, { onWait }), options, client.kind),
      ),
    )
  }
  const onWait = () => context.io.stderr.write('Waiting for another migration to end.\n')
  const print = (text: string) => context.io.stdout.write(`${text}\n`)
  const printJson = (value: unknown) => print(JSON.stringify(value, null, 2))

  group
    .command('migrate')
    .alias('upgrade')
    .description('apply every pending migration')
    .option('--json', 'print JSON')
    .action(
      onDatabase(async (migrator, { json }) => {
        const applied = await migrator.migrate()
        if (json) printJson({ applied })
        else print(list('Applied', applied) || 'Nothing to apply.')
        return 0
      }),
    )
  group
    .command('rollback')
    .alias('downgrade')
    .description('take back the migrations applied last')
    .option('--steps <n>', 'how many', positiveInteger, 1)
    .option('--json', 'print JSON')
    .action(
      onDatabase(async (migrator, { json, steps }: Options & { steps: number }) => {
        const rolledBack = await migrator.rollback(steps)
        if (json) printJson({ rolledBack })
        else print(list('Took back', rolledBack) || 'Nothing to take back.')
        return 0
      }),
    )
  group
    .command('status')
    .description('list every migration and whether it is applied')
    .option('--json', 'print JSON')
    .action(
      onDatabase(async (migrator, { json }, database) => {
        const migrations = await migrator.status()
        if (json) printJson({ database, migrations })
        else print(statusReport(migrations))
        return 0
      }),
    )
  group
    .command('check')
    .description('compare the models with the migrations; exit code 1 if they differ')
    .option('--json', 'print JSON')
    .action(
      exits(async ({ json }: Options) => {
        const differences = await findDrift()
        const outOfOrder = (await knownStatus(context))
          ?.filter((migration) => migration.outOfOrder)
          .map(({ id }) => id)
        const ok = differences.length === 0
        if (json) printJson({ ok, differences, outOfOrder: outOfOrder ?? null })
        else print(checkReport(differences, outOfOrder ?? []))
        return ok ? 0 : 1
      }),
    )
}

/** Nothing where there is no database yet, as in CI, or where it does not answer. */
async function knownStatus(context: CliContext): Promise<MigrationStatus[] | undefined> {
  const { url, path } = context.config().database
  if (url === undefined && !existsSync(path)) return undefined
  let output = ''
  const io = { stdout: { write: (text: string) => (output += text) }, stderr: { write: () => {} } }
  const exitCode = await runCli(['db', 'status', '--json'], { ...context, io })
  return exitCode === 0 ? JSON.parse(output).migrations : undefined
}

function list(verb: string, ids: string[]): string {
  return ids.map((id) => `${verb} ${id}`).join('\n')
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be 1 or more.')
  return Number(text)
}
