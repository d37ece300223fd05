import type { Command } from 'commander'
import { type CliContext, type ExitCode, exits } from '../cli/command.ts'
import { ConfigError, type Fault, loadConfig, settings, textOf } from './index.ts'

type Options = { json?: true }

/** `config show` and `config check`. */
export function configCommands(program: Command, context: CliContext): void {
  const group = program.command('config').description('show and check the configuration')
  const command = (name: string, description: string) =>
    group.command(name).description(description).option('--json', 'print JSON')
  command('show', 'print every setting; secrets are masked').action((options: Options) =>
    show(context, options),
  )
  command('check', 'check the environment variables; exits with 1 if one is wrong').action(
    exits((options: Options) => check(context, options)),
  )
}

function show({ io, env, config }: CliContext, { json }: Options): void {
  const values = config() as unknown as Record<string, Record<string, unknown>>
  const rows = settings.map(({ section, key, schema: { env: variable, secret } }) => {
    const value = values[section]?.[key] ?? null
    const isSet = textOf(env, variable) !== undefined
    const source = isSet ? 'environment' : value === null ? 'unset' : 'default'
    return { variable, value: secret && value !== null ? '********' : value, source }
  })
  const width = Math.max(...rows.map(({ variable }) => variable.length))
  const lines = rows.map(({ variable, value, source }) => {
    const text = source === 'unset' ? '' : String(value) || '(none)'
    return `${variable.padEnd(width)} ${text}${source === 'environment' ? '' : ` (${source})`}\n`
  })
  io.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : lines.join(''))
}

function check({ io, env }: CliContext, { json }: Options): ExitCode {
  let faults: readonly Fault[] = []
  try {
    loadConfig(env)
    if (!json) io.stdout.write('The configuration is valid.\n')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    faults = error.faults
    if (!json) io.stderr.write(`${error.message}\n`)
  }
  const ok = faults.length === 0
  if (json) io.stdout.write(`${JSON.stringify({ ok, faults }, null, 2)}\n`)
  return ok ? 0 : 1
}
