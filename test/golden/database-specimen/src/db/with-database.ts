import type { Command } from 'commander'
import type { CliContext, ExitCode } from '../cli/command.ts'
import { type DatabaseClient, openDatabase } from './client.ts'
import { runInServer } from './command-client.ts'
import { withoutValues } from './errors.ts'

declare module '../cli/command.ts' {
  interface CliContext {
    /** The open database of the server in which the command runs. */
    database?: DatabaseClient
  }
}

/**
 * Runs a command on the service's database. While a server has the PGlite folder open, the server
 * runs it: the command line that `program` was given goes there, with the `input` that was read.
 * @throws {FolderInUseError} when another command has the PGlite folder open
 */
export async function withDatabase(
  context: CliContext,
  program: Command,
  work: (client: DatabaseClient) => Promise<ExitCode>,
  input?: string,
): Promise<ExitCode> {
  const run = async (client: DatabaseClient) => {
    try {
      return await work(client)
    } catch (error) {
      throw withoutValues(error)
    }
  }
  if (context.database !== undefined) return run(context.database)
  const config = context.config().database
  if (config.url === undefined) {
    const request = { args: argsOf(program), ...(input !== undefined && { input }) }
    const exitCode = await runInServer(config.path, request, context.io)
    if (exitCode !== undefined) return exitCode
  }
  const client = await openDatabase(config)
  try {
    return await run(client)
  } finally {
    await client.close()
  }
}

/** Commander keeps what it was given, and its types leave that out. */
function argsOf(program: Command): string[] {
  return (program as Command & { rawArgs: string[] }).rawArgs
}
