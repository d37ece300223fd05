import { Command, CommanderError } from 'commander'
import { description, name, version } from '../about.ts'
import type { CliContext } from './command.ts'
import { CommandFailure, type ExitCode } from './command.ts'
import { addGroups } from './groups.ts'

/** The program with every group of commands. It writes to `context.io` only. */
export function buildProgram(context: CliContext): Command {
  const { stdout, stderr } = context.io
  const program = new Command(name)
    .description(description)
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
  addGroups(program, context)
  return program
}

/**
 * Runs one command line and gives its exit code; never throws.
 *
 * @param args what follows the name of the program
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    const program = buildProgram(context)
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommandFailure) return error.exitCode
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    context.io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
