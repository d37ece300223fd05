import type { Command } from 'commander'
import type { Facts } from '../../dev/facts.ts'
import type { Io } from '../../model/io.ts'
import type { Run } from '../run.ts'
import { runTool } from './run-tool.ts'
import { ToolCommand } from './tool-command.ts'

export function typecheckCommand(run: Run): Command {
  const command = new ToolCommand('typecheck')
  return command
    .description('check the types without writing files')
    .usage('[options] [-- <arguments of the compiler>]')
    .option('--strict', 'with the strictest checks, whatever tsconfig.json says')
    .action(
      run(async (io: Io, { strict = false }: { readonly strict?: boolean }) => {
        const { resolveTypecheck } = await import('../../dev/tools/resolve-typecheck.ts')
        const resolve = (facts: Facts) => resolveTypecheck(facts, { strict, rest: command.rest })
        const { exitCode } = await runTool(command, io, { task: 'typecheck', resolve })
        return exitCode
      }),
    )
}
