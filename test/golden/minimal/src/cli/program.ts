import { Command, CommanderError } from 'commander'
import { description, name, version } from '../about.ts'
import { errorMessage } from '../observability/error-serializer.ts'
import { type CliContext, CommandFailure, type ExitCode } from './command.ts'
import { addGroups } from './groups.ts'

/** The program with every group of commands. It writes only to `context.io`. */
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
 * Runs one command line and returns its exit code. Never throws.
 *
 * @param args the command line without the name of the program
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    await buildProgram(context).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommandFailure) return error.exitCode
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    context.io.stderr.write(`${errorMessage(error)}\n`)
    return 1
  }
}
