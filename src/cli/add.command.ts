import { Command } from 'commander'
import { features } from '../features/index.ts'
import { offered } from '../features/selection.ts'
import type { Io } from '../model/io.ts'
import { withChangeFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function addCommand(run: Run): Command {
  const command = new Command('add')
    .description('add features to this project')
    .argument(
      '<feature...>',
      offered(features)
        .map(({ id }) => id)
        .join(', '),
    )
    .option('--no-install', 'do not install what they need')
  return withChangeFlags(command).action(
    run(async (io: Io, ids: string[], { install }: { install: boolean }) => {
      const [{ enterService }, { planAdd }, { apply }] = await Promise.all([
        import('./workplace.ts'),
        import('../plan/add.ts'),
        import('../apply.ts'),
      ])
      const { session, project } = await enterService(command, io)
      const plan = planAdd({ features: ids, install }, project, features)
      return apply(plan, session.settings, session.view, io.now)
    }),
  )
}
