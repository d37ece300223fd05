import type { Command } from 'commander'
import { type CliContext, exitWith, table } from '../cli/command.ts'
import { ConfigError, loadConfig, settings, textOf } from './index.ts'

type Options = { json?: true }

/** `config show` and `config check`. */
export function configCommands(program: Command, context: CliContext): void {
  const group = program.command('config').description('show and check the configuration')
  const command = (name: string, description: string) =>
    group.command(name).description(description).option('--json', 'print JSON')
  command('show', 'print every setting; secrets are masked').action((options: Options) =>
    show(context, options),
  )
  const checks = 'check the environment variables; exits with 1 if one is wrong'
  command('check', checks).action((options: Options) => check(context, options))
}

function show({ io, env, config }: CliContext, { json }: Options): void {
  const values = config() as unknown as Record<string, Record<string, unknown>>
  const rows = settings.map(({ section, key, schema: { env: variable, secret } }) => {
    const value = values[section]?.[key] ?? null
    const isSet = textOf(env, variable) !== undefined
    const source = isSet ? 'environment' : value === null ? 'unset' : 'default'
    return { variable, value: secret && value !== null ? '********' : value, source }
  })
  const shown = rows.map((row) => ({ ...row, value: String(row.value ?? '') || '(none)' }))
  io.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : table(shown, ''))
}

function check({ io, env }: CliContext, { json }: Options): void {
  let fault: ConfigError | undefined
  try {
    loadConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    fault = error
  }
  const report = { ok: fault === undefined, faults: fault?.faults ?? [] }
  if (json) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else if (fault) io.stderr.write(`${fault.message}\n`)
  else io.stdout.write('The configuration is valid.\n')
  exitWith(report.ok ? 0 : 1)
}
