import type { Command } from 'commander'
import { type CliContext, type ExitCode, exits } from '../cli/command.ts'
import { textOf } from './env-file.ts'
import { ConfigError, type Fault, loadConfig, settings } from './index.ts'

interface Options {
  json?: true
}

/** `config show` and `config check`. */
export function configCommands(program: Command, context: CliContext): void {
  const group = program.command('config').description('show and check the configuration')
  group
    .command('show')
    .description('print every setting; secrets are masked')
    .option('--json', 'print JSON')
    .action(exits((options: Options) => show(context, options)))
  group
    .command('check')
    .description('check the environment variables; exits with 1 if one is wrong')
    .option('--json', 'print JSON')
    .action(exits((options: Options) => check(context, options)))
}

function show({ io, env, config }: CliContext, { json }: Options): ExitCode {
  const values = config() as unknown as Record<string, Record<string, unknown>>
  const rows = settings.map(({ section, key, schema: { env: variable, secret } }) => {
    const value = values[section]?.[key]
    const isSet = textOf(env, variable) !== undefined
    const source = isSet ? 'environment' : value === undefined ? 'unset' : 'default'
    return { variable, value: secret && value !== undefined ? '********' : (value ?? null), source }
  })
  const width = Math.max(...rows.map(({ variable }) => variable.length))
  const lines = rows.map(({ variable, value, source }) => {
    const note = source === 'default' ? ' (default)' : ''
    return `${variable.padEnd(width)}  ${textOfValue(value)}${note}\n`
  })
  io.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : lines.join(''))
  return 0
}

function textOfValue(value: unknown): string {
  if (value === null) return '(unset)'
  return Array.isArray(value) ? value.join(',') || '(none)' : String(value)
}

function check({ io, env }: CliContext, { json }: Options): ExitCode {
  let faults: readonly Fault[] = []
  try {
    loadConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    faults = error.faults
  }
  const ok = faults.length === 0
  if (json) io.stdout.write(`${JSON.stringify({ ok, faults }, null, 2)}\n`)
  else if (ok) io.stdout.write('The configuration is valid.\n')
  else io.stderr.write(`${new ConfigError(faults).message}\n`)
  return ok ? 0 : 1
}
