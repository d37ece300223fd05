import { Command } from 'commander'
import type { Run } from '../run.ts'
import { cleanCommand } from './clean.command.ts'
import { depsCommand } from './deps.command.ts'
import { formatCommand } from './format.command.ts'
import { infoCommand } from './info.command.ts'
import { lintCommand } from './lint.command.ts'
import { qualityCommand } from './quality.command.ts'
import { runCommand } from './run.command.ts'
import { serveCommand } from './serve.command.ts'
import { testCommand } from './test.command.ts'
import { typecheckCommand } from './typecheck.command.ts'

/** The daily commands, which run the project's own tools. */
export function devCommand(run: Run): Command {
  const command = new Command('dev')
    .description("lint, format, test and serve with the project's own tools")
    .enablePositionalOptions()
  const commands = [
    lintCommand(run),
    formatCommand(run),
    typecheckCommand(run),
    testCommand(run),
    qualityCommand(run),
    serveCommand(run),
    cleanCommand(run),
    depsCommand(run),
    infoCommand(run),
    runCommand(run),
  ]
  for (const sub of commands) command.addCommand(sub)
  return command
}
