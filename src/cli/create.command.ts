import { type Command, Option } from 'commander'
import { exitCodes, usageError } from '../errors.ts'
import { features } from '../features/index.ts'
import { offered } from '../features/selection.ts'
import type { Io } from '../model/io.ts'
import { type CreateInput, createOptions } from '../options/create.ts'
import { nearest } from '../options/nearest.ts'
import { callingManager } from '../project/package-manager.ts'
import type { Run } from './run.ts'
import type { Session } from './session.ts'

/** Makes the program itself the command that creates: `create-service [dir]`. */
export function setUpCreate(program: Command, run: Run, io: Io): void {
  program
    .usage('[dir] [options]\n       create-service <command> [options]')
    .argument('[dir]', 'folder of the new service')
    .argument('[rest...]')
    .configureHelp({ visibleArguments: ({ registeredArguments: [dir] }) => (dir ? [dir] : []) })
  const manager = callingManager(io.env.npm_config_user_agent)
  for (const { flags, summary, choices } of createOptions(offered(features), manager)) {
    const option = new Option(flags, summary)
    program.addOption(choices === undefined ? option : option.choices([...choices]))
  }
  program.action(
    run(async (ownIo: Io, dir: string | undefined, rest: string[], flags: CreateInput) => {
      const { openSession } = await import('./session.ts')
      const session = openSession(program, ownIo)
      await refuseMistyped([...(dir === undefined ? [] : [dir]), ...rest], program, session)
      if (dir === undefined && asksForNothing(program)) {
        const { showCommands } = await import('./overview.run.ts')
        if (await showCommands(program, session)) return exitCodes.done
      }
      const { create } = await import('./create.run.ts')
      return create({ ...flags, ...(dir === undefined ? {} : { dir }) }, session)
    }),
  )
}

/** Whether no flag describes a service to create. */
function asksForNothing(program: Command): boolean {
  const neutral = ['cwd', 'json', 'quiet', 'debug', 'color']
  return program.options.every(
    (option) =>
      neutral.includes(option.attributeName()) ||
      program.getOptionValueSource(option.attributeName()) !== 'cli',
  )
}

/** A bare word may be a mistyped command; a word with a path separator is always a folder. */
async function refuseMistyped(
  [word, ...rest]: readonly string[],
  program: Command,
  session: Session,
): Promise<void> {
  if (word === undefined || isPath(word)) {
    if (rest.length === 0) return
    throw usageError(`Unexpected argument: ${rest[0]}.`, 'Usage: create-service [dir]')
  }
  const { findRoot } = await import('../project/root.ts')
  // A short command resembles too many good names; one letter off is a slip, two may be a name.
  const commands = program.commands.map((command) => command.name())
  const near = nearest(
    word,
    commands.filter((name) => name.length > 3),
    1,
  )
  const inside = findRoot(session.cwd) !== undefined
  if (!inside && near === undefined && rest.length === 0) return
  const meant = near === undefined ? '' : ` Did you mean \`create-service ${near}\`?`
  throw usageError(
    `Unknown command: \`create-service ${word}\`.${meant}`,
    `To create a service in a folder of that name, write ./${word}. All commands: create-service --help`,
  )
}

function isPath(word: string): boolean {
  return /[\\/]/.test(word) || word === '.' || word === '..'
}
