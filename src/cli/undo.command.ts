import { Command } from 'commander'
import type { PastRun } from '../changes/runs.ts'
import { usageError } from '../errors.ts'
import { features as registry } from '../features/index.ts'
import type { Io } from '../model/io.ts'
import { withChangeFlags } from './global-flags.ts'
import type { Run } from './run.ts'

const edited = `
Where a generated file was edited since, nothing is taken back and every edited file is
named; --force takes those back too. Shared files keep what you wrote in them.`

export function undoCommand(run: Run): Command {
  const command = new Command('undo')
    .description('take back a run made on this machine, the last one by default')
    .argument('[run]', 'id of the run, from --list')
    .option('--list', 'list the runs that can be taken back')
    .option('--no-install', 'do not install what package.json asks for then')
  command.addHelpText('after', edited)
  return withChangeFlags(command, 'also take back files that were edited').action(
    run(async (io: Io, asked: string | undefined, flags: { list?: true; install: boolean }) => {
      const [{ enterProject }, runs, undo, migrations, { diskAt }, { apply }] = await Promise.all([
        import('./workplace.ts'),
        import('../changes/runs.ts'),
        import('../plan/undo.ts'),
        import('../project/migrations.ts'),
        import('../system/disk.ts'),
        import('../apply.ts'),
      ])
      const { session, project } = await enterProject(command, io)
      const disk = diskAt(project.root)
      const past = runs.readRuns(project.root)
      const left = past.filter((one) => !undo.isGone(one, disk))
      if (flags.list) return list(left, session.json, io)
      const run = asked === undefined ? left.at(-1) : runs.readRun(project.root, asked)
      if (run === undefined) throw nothingToUndo(asked, left)
      const { root } = project
      const ups = undo.migrationsOf(run, project, disk)
      const applied = await migrations.appliedAmong(ups, root, io.env)
      const rowNotices = await migrations.rowNotices(applied, root, io.env)
      const stamp = migrations.freeStamp(project, io.now())
      const { install } = flags
      const options = { run, runs: past, install, applied, rowNotices, stamp, registry }
      const plan = undo.planUndo(options, project, disk)
      return apply(plan, session.settings, session.view, io.now)
    }),
  )
}

/** What can be taken back, the oldest first; records of ours are not counted. */
function list(past: readonly PastRun[], isJson: boolean, io: Io): number {
  const rows = past.map(({ id, command, time, files }) => ({
    id,
    command,
    time,
    files: files.map(({ path }) => path).filter((path) => !path.startsWith('.create-service/')),
  }))
  if (isJson) io.out(`${JSON.stringify({ runs: rows }, null, 2)}\n`)
  else if (rows.length === 0) io.out('Nothing can be taken back here.\n')
  else for (const row of rows) io.out(`${row.id}  ${row.command}  ${someOf(row.files)}\n`)
  return 0
}

function someOf(paths: readonly string[]): string {
  const more = paths.length > 3 ? `, and ${paths.length - 3} more` : ''
  return paths.slice(0, 3).join(', ') + more
}

function nothingToUndo(asked: string | undefined, past: readonly PastRun[]): Error {
  if (asked === undefined) {
    return usageError(
      'There is nothing to take back: no run of this machine is recorded here.',
      'What was generated elsewhere is taken back with create-service destroy <noun> <name>.',
    )
  }
  const ids = past.map(({ id }) => id)
  const known = ids.length === 0 ? 'None is recorded here.' : `Recorded: ${ids.join(', ')}.`
  return usageError(`There is no run ${asked}. ${known}`, 'See create-service undo --list.')
}
