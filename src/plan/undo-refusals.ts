import type { PastRun, RunFile } from '../changes/runs.ts'
import { opKey, unitIds } from '../changes/units.ts'
import { RefusedError } from '../errors.ts'
import type { Feature } from '../features/feature.ts'
import type { Project } from '../model/project.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { isUnit, unitAt, unitsIn, unitsMadeBy } from './undo-units.ts'

/** A record that a later run went on with cannot be put back under its feet. */
export function refuseLaterRuns(
  run: PastRun,
  runs: readonly PastRun[],
  changed: readonly RunFile[],
): void {
  const record = changed.find(({ path }) => isUnit(path))
  if (record === undefined) return
  const id = unitAt(record.path)
  const later = runs.filter((other) => other.id > run.id && unitsIn(other).includes(id)).at(-1)
  throw refusal(
    `${id} is not as ${run.command} left it; something else changed it since.`,
    later === undefined
      ? 'Take it back by itself: create-service destroy <noun> <name>.'
      : `Take the later one back first: create-service undo ${later.id} (${later.command}).`,
    record.path,
  )
}

/** What others build on stays: features that they require, and files of ours with lines of theirs. */
export function refuseUsed(run: PastRun, project: Project, registry: readonly Feature[]): void {
  const made = unitsMadeBy(run).filter((id) => project.unit(id) !== undefined)
  const files = new Set(made.flatMap((id) => Object.keys(project.unit(id)?.files ?? {})))
  const others = unitIds(project.namesIn).filter((id) => !made.includes(id))
  // What a run wrote into its own files in the name of others goes with it.
  const isOfRun = (id: UnitId, { path, op }: RecordedEdit) =>
    run.edited.some(
      (edit) => edit.unit === id && edit.path === path && opKey(edit.op) === opKey(op),
    )
  const reasons = others.flatMap((id) => {
    const feature = neededBy(id, registry).find((one) => made.includes(`feature-${one}`))
    if (feature !== undefined) return `${id} needs the feature ${feature}`
    const lines = project.unit(id)?.edits.filter(({ path }) => files.has(path)) ?? []
    const line = lines.find((edit) => !isOfRun(id, edit))
    return line === undefined ? [] : `${id} has lines in ${line.path}`
  })
  if (reasons.length === 0) return
  throw refusal(
    `${run.command} brought what others need by now: ${reasons.join('; ')}.`,
    'Take those back first.',
  )
}

/** The features that a unit cannot be without. */
function neededBy(id: UnitId, registry: readonly Feature[]): readonly string[] {
  if (/^(resource|migration)-/.test(id)) return ['database']
  return registry.find((feature) => id === `feature-${feature.id}`)?.requires ?? []
}

function refusal(message: string, hint: string, file?: string): RefusedError {
  return new RefusedError([
    { code: 'DRIFT', message, hint, ...(file === undefined ? {} : { file }) },
  ])
}
