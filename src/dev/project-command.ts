import { join } from 'node:path'
import type { Command } from '../model/plan.ts'
import { exists } from '../system/files.ts'

/** The project's own command line: its source under tsx, or the build if there is no source. */
export function projectCommand(root: string, args: readonly string[]): Command {
  return exists(join(root, 'src/cli/main.ts'))
    ? { program: 'tsx', args: ['src/cli/main.ts', ...args], cwd: root }
    : { program: 'node', args: ['dist/cli/main.js', ...args], cwd: root }
}
