import { Command } from 'commander'
import type { Io } from '../../model/io.ts'
import { withOutputFlags } from '../global-flags.ts'
import type { Run } from '../run.ts'
import { execute } from './run-tool.ts'

export function runCommand(run: Run): Command {
  const command = new Command('run')
  return withOutputFlags(command)
    .description("run a program in this folder, the project's own first")
    .usage('[options] <program> [args...]')
    .argument('<program>', 'a program of node_modules/.bin, here or above, or one on the PATH')
    .argument('[args...]', 'its arguments, passed on unchanged')
    .passThroughOptions()
    .action(
      run(async (io: Io, program: string, args: readonly string[]) => {
        const [{ enterProject }, { unknownProgram }, { passThrough }] = await Promise.all([
          import('../workplace.ts'),
          import('../../dev/unknown-program.ts'),
          import('../../system/exec.ts'),
        ])
        const { session, project } = await enterProject(command, io)
        const words = { program, args, cwd: session.cwd }
        try {
          return await execute(words, { command: 'dev run', tool: program }, session, passThrough)
        } catch (error) {
          throw unknownProgram(error, words, project.root)
        }
      }),
    )
}
