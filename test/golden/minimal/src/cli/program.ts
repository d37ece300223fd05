import { Command, CommanderError } from 'commander'
import { description, name, version } from '../about.ts'
import { errorMessage } from '../observability/error-serializer.ts'
import { type CliContext, commandFailed, type ExitCode } from './command.ts'
import { addGroups } from './groups.ts'

/**
 * Runs one command line and returns its exit code. It writes only to `context.io`, and never throws.
 *
 * @param args the command line without the name of the program
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { stdout, stderr } = context.io
  const program = new Command(name)
    .description(description)
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    })
  addGroups(program, context)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.code === commandFailed ? error.exitCode : error.exitCode && 2
    }
    stderr.write(`${errorMessage(error)}\n`)
    return 1
  }
}
