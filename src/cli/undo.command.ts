import { Command } from 'commander'
import { usageError } from '../errors.ts'
import type { Io } from '../model/io.ts'
import type { Project } from '../model/project.ts'
import type { UnitId } from '../model/unit.ts'
import { withChangeFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function undoCommand(run: Run): Command {
  const command = new Command('undo')
    .description('take back a whole run of this machine, the last one by default')
    .argument('[run]', 'its id; --list shows them')
    .option('--list', 'show what can be taken back')
    .option('--no-install', 'do not install what package.json asks for then')
  return withChangeFlags(command).action(
    run(async (io: Io, asked: string | undefined, flags: { list?: true; install: boolean }) => {
      const [{ enterProject }, runs, { planUndo, unitsMadeBy }, migrations, { diskAt }, { apply }] =
        await Promise.all([
          import('./workplace.ts'),
          import('../changes/runs.ts'),
          import('../plan/undo.ts'),
          import('../project/migrations.ts'),
          import('../system/disk.ts'),
          import('../apply.ts'),
        ])
      const { session, project } = await enterProject(command, io)
      const ids = runs.runIds(project.root)
      if (flags.list) {
        const list = ids.flatMap((id) => runs.readRun(project.root, id) ?? [])
        const rows = list.map(({ id, command: words, time, files }) => ({
          id,
          command: words,
          time,
          files: files.length,
        }))
        if (session.json) io.out(`${JSON.stringify({ runs: rows }, null, 2)}\n`)
        else for (const row of rows) io.out(`${row.id}  ${row.command}  (${row.files} files)\n`)
        return 0
      }
      const id = asked ?? ids.at(-1)
      const past = id === undefined ? undefined : runs.readRun(project.root, id)
      if (past === undefined) throw nothingToUndo(asked, ids)
      const applied = await appliedOf(unitsMadeBy(past), project, async (unit) =>
        migrations.appliedMigrations(project, unit, io.env),
      )
      const stamp = migrations.freeStamp(project, io.now())
      const options = { run: past, install: flags.install, applied, stamp }
      const plan = planUndo(options, project, diskAt(project.root))
      return apply(plan, session.settings, session.view, io.now)
    }),
  )
}

type Unit = NonNullable<ReturnType<Project['unit']>>

async function appliedOf(
  ids: readonly UnitId[],
  project: Project,
  ask: (unit: Unit) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const applied: string[] = []
  for (const id of ids) {
    const unit = project.unit(id)
    if (unit !== undefined) applied.push(...(await ask(unit)))
  }
  return applied
}

function nothingToUndo(asked: string | undefined, ids: readonly string[]): Error {
  if (asked === undefined) {
    return usageError(
      'There is nothing to take back: no run of this machine is recorded here.',
      'What was generated elsewhere is taken back with create-service destroy <noun> <name>.',
    )
  }
  const known = ids.length === 0 ? 'None is recorded here.' : `Recorded: ${ids.join(', ')}.`
  return usageError(`There is no run ${asked}. ${known}`, 'See create-service undo --list.')
}
