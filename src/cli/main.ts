import { Command, CommanderError } from 'commander'
import { exitCodes } from '../errors.ts'
import type { Io } from '../model/io.ts'
import { toolVersion } from '../versions.ts'
import { addCommand } from './add.command.ts'
import { setUpCreate } from './create.command.ts'
import { destroyCommand } from './destroy.command.ts'
import { devCommand } from './dev/dev.command.ts'
import { doctorCommand } from './doctor.command.ts'
import { featuresCommand } from './features.command.ts'
import { generateCommand } from './generate.command.ts'
import { withChangeFlags } from './global-flags.ts'
import { addExamples, groups, withHelpFlag } from './help.ts'
import { projectCommands } from './project.command.ts'
import type { Run } from './run.ts'
import { statusCommand } from './status.command.ts'
import { undoCommand } from './undo.command.ts'

/** Runs one command line and gives the exit code. Nothing here ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = exitCodes.done
  const run: Run =
    (action) =>
    async (...args) => {
      exitCode = await action(io, ...args)
    }
  const program = buildProgram(run, io)
  try {
    await program.parseAsync([...withHelpFlag(argv, program)], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    const { printError } = await import('./print-error.ts')
    const own = ownWords(argv)
    const flags = {
      command: commandWords(program, own),
      json: own.includes('--json'),
      debug: own.includes('--debug'),
      color: io.color.err && !own.includes('--no-color'),
    }
    return printError(error, flags, io)
  }
}

/** Arguments after `--` are for another program. */
function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end === -1 ? argv : argv.slice(0, end)
}

/** The words of the command that was meant, for example `generate resource`. */
function commandWords(program: Command, argv: readonly string[]): string {
  const words: string[] = []
  let command = program
  for (const word of argv) {
    const sub = command.commands.find(
      (candidate) => candidate.name() === word || candidate.aliases().includes(word),
    )
    if (sub === undefined) continue
    words.push(sub.name())
    command = sub
  }
  return words.join(' ') || 'create'
}

/** The whole tree of commands. */
export function buildProgram(run: Run, io: Io): Command {
  const program = new Command('create-service')
    .description('Starts a production-ready Fastify service in a minute and keeps growing it.')
    .version(toolVersion, '-V, --version')
    .enablePositionalOptions()
    .helpCommand('help [command...]', 'show help for a command')
  withChangeFlags(program)
  const grouped = [
    [groups.start, [generateCommand(run), addCommand(run), featuresCommand(run)]],
    [groups.undo, [destroyCommand(run), undoCommand(run), statusCommand(run)]],
    [groups.daily, [devCommand(run), doctorCommand(run)]],
    [groups.service, projectCommands(run)],
  ] as const
  for (const [group, commands] of grouped) {
    for (const command of commands) program.addCommand(command.helpGroup(group))
  }
  setUpCreate(program, run, io)
  addExamples(program)
  listen(program, io)
  return program
}

/** Commander prints through io and throws instead of ending the process, in every subcommand. */
function listen(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.out(text),
    writeErr: (text) => io.err(text),
  })
  for (const sub of command.commands) listen(sub, io)
}
