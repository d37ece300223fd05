import type { Command } from 'commander'
import type { Facts } from '../../dev/facts.ts'
import type { Io } from '../../model/io.ts'
import type { Run } from '../run.ts'
import { runTool } from './run-tool.ts'
import { ToolCommand } from './tool-command.ts'

export function formatCommand(run: Run): Command {
  const command = new ToolCommand('format')
  return command
    .description("run the project's formatter")
    .usage('[options] [-- <arguments of the formatter>]')
    .option('--check', 'write nothing; exit 1 if a file would change')
    .action(
      run(async (io: Io, { check = false }: { readonly check?: boolean }) => {
        const { resolveFormat } = await import('../../dev/tools/resolve-format.ts')
        const resolve = (facts: Facts) => resolveFormat(facts, { check, rest: command.rest })
        const { exitCode } = await runTool(command, io, { task: 'format', resolve })
        return exitCode
      }),
    )
}
