import { Command } from 'commander'
import type { Io } from '../model/io.ts'
import { type UnitHead, unitId } from '../model/unit.ts'
import { withChangeFlags } from './global-flags.ts'
import type { Run } from './run.ts'

const nouns = [
  ['resource', 'remove a resource: files, wiring and migration'],
  ['router', 'remove a router: files and registration'],
  ['middleware', 'remove a middleware: files and registration'],
  ['migration', 'remove a migration; an applied one gets an inverse'],
] as const

export function destroyCommand(run: Run): Command {
  const command = new Command('destroy').description('remove what generate added')
  for (const [noun, summary] of nouns) command.addCommand(nounCommand(noun, summary, run))
  return command
}

function nounCommand(noun: UnitHead['kind'], summary: string, run: Run): Command {
  const command = new Command(noun)
    .description(summary)
    .argument('<name>', 'the name it was generated with')
    .option('--no-install', 'do not install what package.json asks for then')
  return withChangeFlags(command).action(
    run(async (io: Io, word: string, { install }: { install: boolean }) => {
      const [
        { enterProject },
        migrations,
        { usedPackages },
        { resolveName },
        { kebabOf },
        { planDestroy },
        { apply },
      ] = await Promise.all([
        import('./workplace.ts'),
        import('../project/migrations.ts'),
        import('../project/used-packages.ts'),
        import('../generators/resource/name.ts'),
        import('../options/names.ts'),
        import('../plan/destroy.ts'),
        import('../apply.ts'),
      ])
      const { session, project } = await enterProject(command, io)
      const { name, notices } =
        noun === 'resource'
          ? resolveName(word, undefined, project.unit)
          : { name: word, notices: [] }
      const head = { kind: noun, name: kebabOf(name) }
      const unit = project.unit(unitId(head))
      const applied =
        unit === undefined ? [] : await migrations.appliedMigrations(project, unit, io.env)
      const stamp = migrations.freeStamp(project, io.now())
      const used = unit === undefined ? [] : usedPackages(project.root, unit)
      const plan = planDestroy({ unit: head, applied, stamp, used, install, notices }, project)
      return apply(plan, session.settings, session.view, io.now)
    }),
  )
}
