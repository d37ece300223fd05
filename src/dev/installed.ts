import { dirname, join } from 'node:path'
import type { Command } from '../model/plan.ts'
import { notInstalled } from '../system/exec.ts'
import { exists } from '../system/files.ts'

/** The command, if its program is installed in the project or above it; nothing else is run. */
export function installed(command: Command): Command {
  if (command.program === 'node' || isInstalled(command.cwd, command.program)) return command
  throw notInstalled(command.program)
}

function isInstalled(folder: string, program: string): boolean {
  if (exists(join(folder, 'node_modules/.bin', program))) return true
  const above = dirname(folder)
  return above !== folder && isInstalled(above, program)
}
