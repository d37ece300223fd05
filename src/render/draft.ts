import { packPristine, unpackPristine } from '../changes/units.ts'
import type { RecordedEdit, Unit, UnitHead } from '../model/unit.ts'

/** A unit while a plan is rendered. */
export interface Draft {
  readonly head: UnitHead
  readonly files: Map<string, string>
  readonly edits: RecordedEdit[]
  readonly pristine: Map<string, string>
  readonly packed: string | undefined
  readonly isReduced: boolean
}

/** A unit that begins. */
export function emptyDraft(head: UnitHead): Draft {
  return {
    head,
    files: new Map(),
    edits: [],
    pristine: new Map(),
    packed: undefined,
    isReduced: false,
  }
}

/** A unit that is recorded. */
export function draftOf(unit: Unit): Draft {
  const { kind, name, args } = unit
  return {
    head: { kind, name, args },
    files: new Map(Object.entries(unit.files)),
    edits: [...unit.edits],
    pristine: new Map(),
    packed: unit.pristine,
    isReduced: unit.isReduced === true,
  }
}

/** The unit as it is recorded, in an order of its own. */
export function recordOf(draft: Draft): Unit {
  const byKey = <T>(entries: Iterable<[string, T]>) =>
    Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    ...draft.head,
    files: byKey(draft.files),
    edits: draft.edits.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    pristine: pristineOf(draft),
    ...(draft.isReduced ? { isReduced: true } : {}),
  }
}

function pristineOf({ packed, pristine }: Draft): string {
  if (packed !== undefined && pristine.size === 0) return packed
  const before = packed === undefined ? {} : unpackPristine(packed)
  const files = Object.entries({ ...before, ...Object.fromEntries(pristine) })
  return packPristine(Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1))))
}

function sortKey(edit: RecordedEdit): string {
  return `${edit.path}\0${JSON.stringify(edit.op)}`
}
