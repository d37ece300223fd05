import { join } from 'node:path'
import type { Command } from '../model/plan.ts'
import { exists } from '../system/files.ts'

/** Runs the service's own CLI: from source with tsx, or the build where the source is absent. */
export function projectCommand(root: string, args: readonly string[]): Command {
  return exists(join(root, 'src/cli/main.ts'))
    ? { program: 'tsx', args: ['src/cli/main.ts', ...args], cwd: root }
    : { program: 'node', args: ['dist/cli/main.js', ...args], cwd: root }
}
