import { Command } from 'commander'
import { usageError } from '../errors.ts'
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

interface Flags {
  readonly install: boolean
  readonly keep?: boolean
}

const edited = `
If something of it was edited, nothing is removed and every edited file is named.
  --force   removes edited files too
  --keep    leaves files, wiring and packages in place, as your own code
Lines of yours that still import it have to go first, with --force too. Packages that
other files use stay, and so do applied migrations: a new migration takes those back.`

export function destroyCommand(run: Run): Command {
  const command = new Command('destroy').description('remove what generate added')
  command.addHelpText('after', edited)
  for (const [noun, summary] of nouns) command.addCommand(nounCommand(noun, summary, run))
  return command
}

function nounCommand(noun: UnitHead['kind'], summary: string, run: Run): Command {
  const command = new Command(noun)
    .description(summary)
    .argument('<name>', 'the name it was generated with')
    .option('--no-install', 'do not install what package.json asks for then')
    .option(
      '--keep',
      'leave everything in place as your own code; only forget that it was generated',
    )
  command.addHelpText('after', edited)
  return withChangeFlags(command, 'also remove files that were edited').action(
    run(async (io: Io, word: string, { install, keep: isKept = false }: Flags) => {
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
      if (isKept && session.settings.force) {
        throw usageError(
          '--force and --keep exclude each other.',
          '--force removes edited files too; --keep removes nothing.',
        )
      }
      const { name, notices } =
        noun === 'resource'
          ? resolveName(word, undefined, project.unit)
          : { name: word, notices: [] }
      const head = { kind: noun, name: kebabOf(name) }
      const unit = project.unit(unitId(head))
      const ups = Object.keys(unit?.files ?? {}).filter((path) => path.endsWith('.up.sql'))
      const { root } = project
      const applied = isKept ? [] : await migrations.appliedAmong(ups, root, io.env)
      const rowNotices = await migrations.rowNotices(applied, root, io.env)
      const stamp = migrations.freeStamp(project, io.now())
      const used = unit === undefined ? [] : usedPackages(project.root, unit)
      const plan = planDestroy(
        { unit: head, applied, rowNotices, stamp, used, install, isKept, notices },
        project,
      )
      return apply(plan, session.settings, session.view, io.now)
    }),
  )
}
