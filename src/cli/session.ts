import { resolve } from 'node:path'
import chalk, { Chalk, type ChalkInstance } from 'chalk'
import type { Command } from 'commander'
import type { ApplySettings } from '../apply.ts'
import { usageError } from '../errors.ts'
import type { Io } from '../model/io.ts'
import type { View } from '../model/view.ts'
import { isFolder } from '../system/files.ts'
import { jsonView } from './view-json.ts'
import { textView } from './view-text.ts'

/** The flags that every command takes. */
export interface GlobalFlags {
  readonly cwd?: string
  readonly dryRun?: boolean
  readonly check?: boolean
  readonly json?: boolean
  readonly yes?: boolean
  readonly force?: boolean
  readonly debug?: boolean
  readonly color?: boolean
  readonly quiet?: boolean
}

/** One run of a command: where it works, how far it goes and where it shows what it does. */
export interface Session {
  readonly io: Io
  /** Absolute. */
  readonly cwd: string
  readonly interactive: boolean
  readonly json: boolean
  readonly quiet: boolean
  readonly debug: boolean
  /** Whether --no-color was given, which counts for the programs that are run too. */
  readonly isPlain: boolean
  readonly colors: { readonly out: ChalkInstance; readonly err: ChalkInstance }
  readonly settings: ApplySettings
  readonly view: View
}

/** Reads the global flags of a command, wherever on the line they stand. */
export function openSession(command: Command, io: Io): Session {
  const flags = globalFlags(command)
  const cwd = resolve(io.cwd, flags.cwd ?? '.')
  if (!isFolder(cwd))
    throw usageError(`--cwd: ${cwd} isn't a folder.`, 'Name a folder that exists.')
  const chalkFor = (isColored: boolean) =>
    new Chalk({ level: isColored && flags.color !== false ? chalk.level || 1 : 0 })
  const colors = { out: chalkFor(io.color.out), err: chalkFor(io.color.err) }
  const quiet = flags.quiet === true
  return {
    io,
    cwd,
    interactive: io.interactive && flags.yes !== true && flags.json !== true,
    json: flags.json === true,
    quiet,
    debug: flags.debug === true,
    isPlain: flags.color === false,
    colors,
    settings: { until: untilOf(flags), force: flags.force === true },
    view: flags.json === true ? jsonView(io) : textView(io, colors, quiet),
  }
}

/** The flags given to this command or before its name, without defaults. */
function globalFlags(command: Command): GlobalFlags {
  const above = command.parent === null ? {} : globalFlags(command.parent)
  const said = Object.entries(command.opts()).filter(
    ([key]) => command.getOptionValueSource(key) !== 'default',
  )
  return { ...above, ...Object.fromEntries(said) }
}

function untilOf({ check, dryRun }: GlobalFlags): ApplySettings['until'] {
  if (check === true) return 'check'
  return dryRun === true ? 'preview' : 'end'
}
