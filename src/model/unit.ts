import type { Json, Op } from './op.ts'

/** `<kind>-<name>`, the name of the file in which the unit is recorded. */
export type UnitId = string

/** One feature, or one generated thing: what was asked. */
export interface UnitHead {
  readonly kind: 'base' | 'feature' | 'resource' | 'router' | 'middleware' | 'migration'
  readonly name: string
  readonly args: { readonly [key: string]: Json }
}

/** An edit of ours in a shared file. The op is stored without its order and its text. */
export interface RecordedEdit {
  readonly path: string
  readonly op: Op
  /** The exact text of ours. */
  readonly chunk: string
}

/**
 * What the ledger knows of one unit: state, no history. A file's hash is that of its content less
 * all recorded chunks, so that it does not change when another unit edits the file.
 */
export interface Unit extends UnitHead {
  readonly files: { readonly [path: string]: string }
  readonly edits: readonly RecordedEdit[]
  /** The files as they were rendered: JSON of path to text, brotli, base64. An upgrade merges against it. */
  readonly pristine: string
  /** Set where a part of it was taken back, and the rest had to stay. */
  readonly isReduced?: true
}

export function unitId(unit: Pick<UnitHead, 'kind' | 'name'>): UnitId {
  return `${unit.kind}-${unit.name}`
}
