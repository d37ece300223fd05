import type { Command } from 'commander'
import type { CliContext } from '../cli/command.ts'
import { type ExitCode, exits } from '../cli/command.ts'
import { ConfigError, type Fault, isSet, loadConfig } from './index.ts'
import { type Setting, settings } from './settings.ts'

interface Options {
  json?: true
}

interface Row {
  variable: string
  value: unknown
  source: 'environment' | 'default' | 'unset'
}

/** `config show` and `config check`. */
export function configCommands(program: Command, context: CliContext): void {
  const group = program.command('config').description('look at the configuration')
  group
    .command('show')
    .description('print every setting; secrets are masked')
    .option('--json', 'print JSON')
    .action(exits((options: Options) => show(context, options)))
  group
    .command('check')
    .description('check the environment; exit code 1 if something is wrong')
    .option('--json', 'print JSON')
    .action(exits((options: Options) => check(context, options)))
}

function show({ io, env, config }: CliContext, options: Options): ExitCode {
  const values = config() as unknown as Record<string, Record<string, unknown>>
  const rows = settings.map((setting): Row => {
    const value = values[setting.section]?.[setting.key]
    const source = isSet(env, setting) ? 'environment' : value === undefined ? 'unset' : 'default'
    return { variable: setting.env, value: mask(setting, value), source }
  })
  io.stdout.write(options.json ? `${JSON.stringify(rows, null, 2)}\n` : table(rows))
  return 0
}

function check({ io, env }: CliContext, options: Options): ExitCode {
  const faults = findFaults(env)
  const ok = faults.length === 0
  if (options.json) io.stdout.write(`${JSON.stringify({ ok, faults }, null, 2)}\n`)
  else if (ok) io.stdout.write('The configuration is valid.\n')
  else io.stderr.write(`${new ConfigError(faults).message}\n`)
  return ok ? 0 : 1
}

function findFaults(env: CliContext['env']): readonly Fault[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

function mask({ secret }: Setting, value: unknown): unknown {
  return secret && value !== undefined ? '********' : (value ?? null)
}

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map((row) => row.variable.length))
  const lines = rows.map(({ variable, value, source }) => {
    const note = source === 'default' ? ' (default)' : ''
    return `${variable.padEnd(width)}  ${text(value)}${note}\n`
  })
  return lines.join('')
}

function text(value: unknown): string {
  if (value === null) return '(unset)'
  return Array.isArray(value) ? value.join(',') || '(none)' : String(value)
}
