import type { Command } from 'commander'
import type { Facts } from '../../dev/facts.ts'
import type { Io } from '../../model/io.ts'
import type { Run } from '../run.ts'
import type { Session } from '../session.ts'
import { runTool } from './run-tool.ts'
import { ToolCommand } from './tool-command.ts'

interface LintFlags {
  readonly fix?: boolean
  readonly watch?: boolean
}

export function lintCommand(run: Run): Command {
  const command = new ToolCommand('lint')
  return command
    .description("run the project's linter")
    .usage('[options] [path...] [-- <arguments of the linter>]')
    .argument('[path...]', 'files and folders (default: all)')
    .option('--fix', 'apply safe fixes')
    .option('--watch', 'lint again on every change, until Ctrl-C')
    .action(
      run(async (io: Io, asked: readonly string[], { fix = false, watch = false }: LintFlags) => {
        const [{ resolveLint }, { pathsFromRoot }] = await Promise.all([
          import('../../dev/tools/resolve-lint.ts'),
          import('../../dev/paths.ts'),
        ])
        const resolve = (facts: Facts, { cwd }: Session) => {
          const paths = pathsFromRoot(asked, cwd, facts.root)
          return resolveLint(facts, { paths, fix, watch, rest: command.rest })
        }
        const { exitCode } = await runTool(command, io, { task: 'lint', isEndless: watch, resolve })
        return exitCode
      }),
    )
}
