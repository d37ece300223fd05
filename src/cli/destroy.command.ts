import { Command } from 'commander'
import type { Io } from '../model/io.ts'
import { unitId } from '../model/unit.ts'
import { withChangeFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function destroyCommand(run: Run): Command {
  return new Command('destroy')
    .description('take back what generate made')
    .addCommand(resourceCommand(run))
}

function resourceCommand(run: Run): Command {
  const command = new Command('resource')
    .description('take back a resource: files, wiring and migration')
    .argument('<name>', 'the name it was generated with')
  return withChangeFlags(command).action(
    run(async (io: Io, word: string) => {
      const [
        { openSession },
        { openProject },
        migrations,
        { namesOf },
        { planDestroy },
        { apply },
      ] = await Promise.all([
        import('./session.ts'),
        import('../project/project.ts'),
        import('../project/migrations.ts'),
        import('../options/names.ts'),
        import('../plan/destroy.ts'),
        import('../apply.ts'),
      ])
      const { cwd, settings, view } = openSession(command, io)
      const project = openProject(cwd)
      const head = { kind: 'resource', name: namesOf(word).kebab } as const
      const unit = project.unit(unitId(head))
      const applied =
        unit === undefined ? [] : await migrations.appliedMigrations(project, unit, io.env)
      const stamp = migrations.freeStamp(project, io.now())
      return apply(planDestroy({ unit: head, applied, stamp }, project), settings, view)
    }),
  )
}
