import type { PastRun, RunFile } from '../changes/runs.ts'
import { manifestPath, unitFolder } from '../changes/units.ts'
import { RefusedError } from '../errors.ts'
import type { Disk, EditedFile } from '../model/change.ts'
import type { Plan } from '../model/plan.ts'
import type { Project } from '../model/project.ts'
import type { Step } from '../model/step.ts'
import type { UnitId } from '../model/unit.ts'
import { installOf } from './add.ts'
import { revokeSteps } from './destroy.ts'

interface UndoOptions {
  readonly run: PastRun
  readonly install: boolean
  /** The `.up.sql` files that the run made and that are applied or committed. */
  readonly applied: readonly string[]
  /** UTC stamp for the migrations that take applied ones back. */
  readonly stamp: string
}

/**
 * Takes back a whole run. Where nothing changed since, every byte is put back. Else what the run
 * generated is revoked as `destroy` does, and of the rest only what is still as the run left it.
 */
export function planUndo(options: UndoOptions, project: Project, disk: Disk): Plan {
  const { run, install, applied } = options
  const isAsLeft = ({ path, after }: RunFile) => disk.read(path)?.sha256 === after
  const changed = run.files.filter((file) => !isAsLeft(file))
  const isExact = changed.length === 0 && applied.length === 0
  const { steps, notices } = isExact
    ? { steps: run.files.map(restore), notices: [] }
    : partly(options, changed, project)
  return {
    command: 'undo',
    root: project.root,
    steps,
    followUps: install ? [installOf(project)] : [],
    notices: [`Takes back ${run.command} of ${run.time}.`, ...notices],
    undoes: run.id,
    next: applied.length === 0 ? [] : ['npx create-service db migrate'],
  }
}

/** The ids of the units that a run recorded first. */
export function unitsMadeBy({ files }: PastRun): readonly UnitId[] {
  return files.flatMap(({ path, before, after }) =>
    isUnit(path) && before === undefined && after !== undefined ? [unitAt(path)] : [],
  )
}

function partly(
  { run, applied, stamp }: UndoOptions,
  changed: readonly RunFile[],
  project: Project,
): { readonly steps: readonly Step[]; readonly notices: readonly string[] } {
  const units = unitsMadeBy(run).filter((id) => project.unit(id) !== undefined)
  refuseLaterRuns(changed, units)
  const owned = new Set(units.flatMap((id) => pathsOf(id, project)))
  const rest = run.files.filter(({ path }) => !owned.has(path) && path !== manifestPath)
  const isAsLeft = (file: RunFile) => !changed.includes(file)
  const lost = rest.filter((file) => !isAsLeft(file))
  return {
    steps: [
      ...rest.filter(isAsLeft).map(restore),
      ...units.toReversed().flatMap((id) => {
        const paths = pathsOf(id, project)
        return revokeSteps(
          id,
          applied.filter((up) => paths.includes(up)),
          stamp,
        )
      }),
      ...lost.flatMap(({ path }) => again(run.edited.filter((edit) => edit.path === path))),
      ...manifestSteps(run, units, project),
    ],
    notices: lost
      .filter(({ path }) => !run.edited.some((edit) => edit.path === path))
      .map(({ path }) => `${path} was changed since; it is left as it is.`),
  }
}

function restore({ path, before }: RunFile): Step {
  return before === undefined ? { kind: 'restore', path } : { kind: 'restore', path, text: before }
}

function pathsOf(id: UnitId, project: Project): readonly string[] {
  const { files = {}, edits = [] } = project.unit(id) ?? {}
  return [`${unitFolder}/${id}.json`, ...Object.keys(files), ...edits.map(({ path }) => path)]
}

/** A record that a later run went on with cannot be put back under its feet. */
function refuseLaterRuns(changed: readonly RunFile[], units: readonly UnitId[]): void {
  const record = changed.find(({ path }) => isUnit(path) && !units.includes(unitAt(path)))
  if (record === undefined || record.after === undefined) return
  throw new RefusedError([
    {
      code: 'DRIFT',
      file: record.path,
      message: `A later command changed what is recorded in ${record.path}.`,
      hint: 'Take the later one back first: create-service undo',
    },
  ])
}

/** What the run took out of a shared file, put in again. */
function again(edited: readonly EditedFile[]): readonly Step[] {
  return edited
    .filter(({ state }) => state === 'revoked')
    .toReversed()
    .map(({ unit, path, op }) => ({
      kind: 'edit',
      unit,
      path,
      op:
        'order' in op ? { ...op, order: unit.startsWith('middleware-') ? 'last' : 'by-name' } : op,
    }))
}

/** The features that came with the run go; a manifest that came with it goes with the last unit. */
function manifestSteps(run: PastRun, units: readonly UnitId[], project: Project): readonly Step[] {
  if (project.kind === 'foreign') return [{ kind: 'forget' }]
  const gone = units.flatMap((id) =>
    id.startsWith('feature-') ? [id.slice('feature-'.length)] : [],
  )
  const features = project.manifest.features.filter((id) => !gone.includes(id))
  const isTouched = run.files.some(({ path }) => path === manifestPath)
  return isTouched ? [{ kind: 'manifest', set: { features } }] : []
}

function isUnit(path: string): boolean {
  return path.startsWith(`${unitFolder}/`)
}

function unitAt(path: string): UnitId {
  return path.slice(unitFolder.length + 1).replace(/\.json$/, '')
}
