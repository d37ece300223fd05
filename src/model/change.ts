import type { Op } from './op.ts'
import type { Refusal } from './refusal.ts'
import type { UnitId } from './unit.ts'

/** A file as it was read; `path` is relative to the project's root, with `/`. */
export interface FileSnap {
  readonly path: string
  readonly text: string
  readonly sha256: string
  readonly mode: number
}

/** Read access to a project's files, on disk or in memory. */
export interface Disk {
  /** The file, or nothing where there is none. Throws a RefusedError for a file that is not UTF-8. */
  read(path: string): FileSnap | undefined
  /** Names in a folder, sorted; none where there is no such folder. */
  namesIn(folder: string): readonly string[]
}

/** One file that is going to change. */
export type FileChange =
  | { readonly kind: 'create'; readonly path: string; readonly after: string }
  | {
      readonly kind: 'update'
      readonly path: string
      readonly before: FileSnap
      readonly after: string
    }
  | { readonly kind: 'delete'; readonly path: string; readonly before: FileSnap }

/** One edit of a shared file, as it was made, found there already, or taken back. */
export interface EditedFile {
  readonly unit: UnitId
  readonly path: string
  readonly op: Op
  readonly state: 'applied' | 'present' | 'revoked'
  /** The hash of the file on disk when it was looked at; nothing where there was none. */
  readonly was?: string | undefined
}

/** What rendering a plan came to: all of it in memory. */
export interface Rendered {
  /** Sorted by path; a write that equals the disk is not among them. */
  readonly changes: readonly FileChange[]
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly string[]
  readonly edited: readonly EditedFile[]
}
