import type { PastRun } from '../changes/runs.ts'
import { unitFolder } from '../changes/units.ts'
import type { Op, Order } from '../model/op.ts'
import type { Project } from '../model/project.ts'
import type { Step } from '../model/step.ts'
import type { Unit, UnitId } from '../model/unit.ts'

/** The ids of the units that a run recorded first. */
export function unitsMadeBy({ files }: PastRun): readonly UnitId[] {
  return files.flatMap(({ path, before, after }) =>
    isUnit(path) && before === undefined && after !== undefined ? [unitAt(path)] : [],
  )
}

/** The ids of the units that a run touched. */
export function unitsIn({ files }: PastRun): readonly UnitId[] {
  return files.filter(({ path }) => isUnit(path)).map(({ path }) => unitAt(path))
}

export function isUnit(path: string): boolean {
  return path.startsWith(`${unitFolder}/`)
}

export function unitAt(path: string): UnitId {
  return path.slice(unitFolder.length + 1).replace(/\.json$/, '')
}

/** What a run took out of a shared file, put in again at its place. */
export function again(run: PastRun, path: string, kind: Project['kind']): readonly Step[] {
  return run.edited
    .filter((edit) => edit.path === path && edit.state === 'revoked')
    .toReversed()
    .map(({ unit, op }) => ({
      kind: 'edit',
      unit,
      path,
      op: inOrder(op, orderOf(recordIn(run, unit), kind)),
    }))
}

/** The record of a unit before the run. */
function recordIn({ files }: PastRun, id: UnitId): Unit | undefined {
  const text = files.find(({ path }) => isUnit(path) && unitAt(path) === id)?.before
  return text === undefined ? undefined : (JSON.parse(text) as Unit)
}

/** Edits are recorded without their order, which follows from what was generated. */
function orderOf(unit: Unit | undefined, kind: Project['kind']): Order {
  const { order, prefix } = unit?.args ?? {}
  if (unit?.kind === 'middleware') {
    return order === 'before-own' ? { beforeOwn: [] } : ((order ?? 'last') as Order)
  }
  return kind === 'foreign' || typeof prefix === 'string' ? 'last' : 'by-name'
}

function inOrder(op: Op, order: Order): Op {
  return 'order' in op ? { ...op, order } : op
}
