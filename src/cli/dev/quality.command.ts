import { Command } from 'commander'
import type { Io } from '../../model/io.ts'
import { withOutputFlags } from '../global-flags.ts'
import type { Run } from '../run.ts'

export function qualityCommand(run: Run): Command {
  const command = new Command('quality')
    .description('run lint, format check, typecheck and tests, all of them, and fail if one fails')
    .option('--fix', 'first apply the fixes of the linter and the formatter')
  return withOutputFlags(command).action(
    run(async (io: Io, { fix = false }: { readonly fix?: boolean }) => {
      const [{ enterProject }, { factsOf }, { runQuality }] = await Promise.all([
        import('../workplace.ts'),
        import('../../dev/facts.ts'),
        import('./quality-run.ts'),
      ])
      const { session, project } = await enterProject(command, io)
      return runQuality(factsOf(project), session, fix)
    }),
  )
}
