import type { Command } from 'commander'
import { cacheCommands } from '../cache/cli.ts'
import { configCommands } from '../config/cli.ts'
import { monitorCommands } from '../observability/cli.ts'
import type { CliContext } from './command.ts'

/** Adds every group of commands. What a command needs to run is imported by its action. */
export function addGroups(program: Command, context: CliContext): void {
  configCommands(program, context)
  monitorCommands(program, context)
  cacheCommands(program, context)
}
