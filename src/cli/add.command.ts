import { Command } from 'commander'
import { features } from '../features/index.ts'
import type { Io } from '../model/io.ts'
import { withChangeFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function addCommand(run: Run): Command {
  const command = new Command('add')
    .description('add features to this project')
    .argument('<feature...>', features.map(({ id }) => id).join(', '))
    .option('--no-install', 'do not install what they need')
  return withChangeFlags(command).action(
    run(async (io: Io, ids: string[], { install }: { install: boolean }) => {
      const [{ openSession }, { openProject }, { planAdd }, { apply }] = await Promise.all([
        import('./session.ts'),
        import('../project/project.ts'),
        import('../plan/add.ts'),
        import('../apply.ts'),
      ])
      const { cwd, settings, view } = openSession(command, io)
      return apply(planAdd({ features: ids, install }, openProject(cwd), features), settings, view)
    }),
  )
}
