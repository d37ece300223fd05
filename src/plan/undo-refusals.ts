import type { PastRun, RunFile } from '../changes/runs.ts'
import { unitFolder } from '../changes/units.ts'
import { RefusedError } from '../errors.ts'
import type { Project } from '../model/project.ts'
import type { UnitId } from '../model/unit.ts'
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

/** What others build on stays: units with lines in files that would go, and what needs a feature. */
export function refuseUsed(run: PastRun, project: Project): void {
  const made = unitsMadeBy(run)
  const files = new Set(made.flatMap((id) => Object.keys(project.unit(id)?.files ?? {})))
  const hasFeature = made.some((id) => id.startsWith('feature-'))
  const others = unitIds(project).filter((id) => !made.includes(id))
  const users = others.filter(
    (id) =>
      (hasFeature && /^(resource|migration)-/.test(id)) ||
      project.unit(id)?.edits.some(({ path }) => files.has(path)),
  )
  if (users.length === 0) return
  throw refusal(
    `${users.join(', ')} came later and needs what ${run.command} brought.`,
    'Take that back first.',
  )
}

function unitIds(project: Project): readonly UnitId[] {
  return project.namesIn(unitFolder).map((name) => name.replace(/\.json$/, ''))
}

function refusal(message: string, hint: string, file?: string): RefusedError {
  return new RefusedError([
    { code: 'DRIFT', message, hint, ...(file === undefined ? {} : { file }) },
  ])
}
