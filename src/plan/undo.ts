import { isOfHash } from '../changes/change-set.ts'
import type { PastRun, RunFile } from '../changes/runs.ts'
import { manifestPath } from '../changes/units.ts'
import type { Feature } from '../features/feature.ts'
import type { Disk } from '../model/change.ts'
import type { Plan } from '../model/plan.ts'
import type { Project } from '../model/project.ts'
import type { RestoreStep, Step } from '../model/step.ts'
import type { UnitId } from '../model/unit.ts'
import { downOf } from '../project/migrations.ts'
import { managerOf, toolWords } from '../project/package-manager.ts'
import { sha256 } from '../system/hash.ts'
import { withLf } from '../system/line-endings.ts'
import { installOf } from './add.ts'
import { appliedNotices, importCheck, inverseMigrations, revokeStep } from './destroy.ts'
import { refuseLaterRuns, refuseUsed } from './undo-refusals.ts'
import { again, isUnit, unitAt, unitsMadeBy } from './undo-units.ts'

interface UndoOptions {
  readonly run: PastRun
  /** All runs that are recorded, the oldest first. */
  readonly runs: readonly PastRun[]
  readonly install: boolean
  /** The `.up.sql` files of `migrationsOf` that are applied or committed. */
  readonly applied: readonly string[]
  /** What becomes of their rows. */
  readonly rowNotices: readonly string[]
  /** UTC stamp for the migrations that take applied ones back. */
  readonly stamp: string
  /** All features that there are. */
  readonly registry: readonly Feature[]
}

/**
 * Takes back a whole run. Where nothing changed since, every byte is put back. Else what the run
 * generated is revoked as `destroy` does, and of the rest what is still as the run left it.
 * @throws {RefusedError} if something that came later builds on it
 */
export function planUndo(options: UndoOptions, project: Project, disk: Disk): Plan {
  const { run, runs, install, applied, rowNotices, registry } = options
  if (isGone(run, disk)) return nothingLeft(run, project)
  const changed = run.files.filter(({ path, after }) => !isOfHash(disk.read(path), after))
  refuseLaterRuns(run, runs, changed)
  refuseUsed(run, project, registry)
  const isExact = changed.length === 0 && applied.length === 0
  const { steps, notices } = isExact
    ? {
        steps: [...restores(run.files, disk), ...manifestSteps([], unitsMadeBy(run), project)],
        notices: [],
      }
    : partly(options, changed, project, disk)
  return {
    command: 'undo',
    root: project.root,
    steps: [...steps, importCheck(unitsMadeBy(run), filesOf(run, project), project)],
    followUps: install ? [installOf(project)] : [],
    notices: [
      `Takes back ${run.command} of ${run.time}.`,
      ...appliedNotices(applied),
      ...rowNotices,
      ...notices,
    ],
    undoes: run.id,
    whenPresent: whenGone(run),
    next: applied.length === 0 ? [] : [`${toolWords(managerOf(project))} db migrate`],
  }
}

function nothingLeft(run: PastRun, { root }: Project): Plan {
  const nothing = { steps: [], followUps: [], notices: [], next: [] }
  return { command: 'undo', root, ...nothing, whenPresent: whenGone(run) }
}

function whenGone({ id, command, time }: PastRun): string {
  return `nothing of run ${id} (${command} of ${time}) is left. Git, or a later command, took it back already.`
}

/** The `.up.sql` files that a run made: those of new units, and the inverse that a `destroy` wrote. */
export function migrationsOf(run: PastRun, project: Project, disk: Disk): readonly string[] {
  const files = isGone(run, disk) ? [] : filesOf(run, project)
  return files.filter((path) => path.endsWith('.up.sql'))
}

/** The files that may go. */
function filesOf(run: PastRun, project: Project): readonly string[] {
  const created = run.files.filter(({ before }) => before === undefined).map(({ path }) => path)
  const own = unitsMadeBy(run).flatMap((id) => Object.keys(project.unit(id)?.files ?? {}))
  return [...new Set([...created, ...own])]
}

/**
 * Whether nothing of a run is left, for example because git took it back. Files that it shares with
 * others tell only where there is nothing else: they change for other reasons, too.
 */
export function isGone({ files }: PastRun, disk: Disk): boolean {
  const isOwn = ({ path, before, after }: RunFile) =>
    isUnit(path) || (path !== manifestPath && (before === undefined || after === undefined))
  return (files.some(isOwn) ? files.filter(isOwn) : files).every((file) => {
    const before = file.before === undefined ? undefined : sha256(withLf(file.before))
    return isOfHash(disk.read(file.path), before)
  })
}

function partly(
  { run, applied, stamp }: UndoOptions,
  changed: readonly RunFile[],
  project: Project,
  disk: Disk,
): { readonly steps: readonly Step[]; readonly notices: readonly string[] } {
  const units = unitsMadeBy(run).filter((id) => project.unit(id) !== undefined)
  const kept = applied.flatMap((up) => [up, downOf(up)])
  const isRevoked = ({ path }: RunFile) => isUnit(path) && units.includes(unitAt(path))
  const rest = run.files.filter((file) => !isRevoked(file) && !kept.includes(file.path))
  const owned = new Set(units.flatMap((id) => pathsOf(id, project)))
  const lost = rest.filter((file) => changed.includes(file) && !owned.has(file.path))
  const own = new Set(units.flatMap((id) => Object.keys(project.unit(id)?.files ?? {})))
  // By force, a file that was there before comes back however it was edited since.
  const replaced = changed
    .filter(({ path, before }) => own.has(path) && before !== undefined)
    .map((file) => withHash(file, hashOf(file, disk)))
  const isPutAgain = ({ path }: RunFile) =>
    run.edited.some((edit) => edit.path === path && edit.state === 'revoked')
  return {
    steps: [
      ...inverseMigrations(applied, stamp),
      ...units
        .toReversed()
        .map((id) => revokeStep(id, applied, { whenEdited: 'Use --force to take it back too.' })),
      ...replaced.map(restore),
      ...restores(
        rest.filter((file) => !changed.includes(file)),
        disk,
      ),
      ...lost.flatMap(({ path }) => again(run, path, project.kind)),
      ...manifestSteps(changed, units, project),
    ],
    notices: lost
      .filter((file) => file.path !== manifestPath && !isPutAgain(file))
      .map(({ path }) => `${path} was changed since; it is left as it is.`),
  }
}

/** A manifest that came with the run is not simply taken away: others may be in need of it by now. */
function restores(files: readonly RunFile[], disk: Disk): readonly Step[] {
  const isConverted = files.some(({ path, after }) => {
    const snap = disk.read(path)
    return snap !== undefined && snap.sha256 !== after && isOfHash(snap, after)
  })
  return files
    .filter(({ path, before }) => path !== manifestPath || before !== undefined)
    .map((file) => ({ ...restore(file), ...(isConverted ? { isConverted } : {}) }))
}

function withHash({ path, before }: RunFile, after: string | undefined): RunFile {
  return {
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }
}

function restore({ path, before, after }: RunFile): RestoreStep {
  return {
    kind: 'restore',
    path,
    ...(before === undefined ? {} : { text: before }),
    ...(after === undefined ? {} : { was: after }),
  }
}

function hashOf({ path }: RunFile, disk: Disk): string | undefined {
  return disk.read(path)?.sha256
}

function pathsOf(id: UnitId, project: Project): readonly string[] {
  const { files = {}, edits = [] } = project.unit(id) ?? {}
  return [...Object.keys(files), ...edits.map(({ path }) => path)]
}

/** The features that came with the run go; a manifest that came with it goes with the last unit. */
function manifestSteps(
  changed: readonly RunFile[],
  units: readonly UnitId[],
  project: Project,
): readonly Step[] {
  if (project.kind === 'foreign') return units.length === 0 ? [] : [{ kind: 'forget' }]
  if (!changed.some(({ path }) => path === manifestPath)) return []
  const gone = units.flatMap((id) =>
    id.startsWith('feature-') ? [id.slice('feature-'.length)] : [],
  )
  const features = project.manifest.features.filter((id) => !gone.includes(id))
  return [{ kind: 'manifest', set: { features } }]
}
