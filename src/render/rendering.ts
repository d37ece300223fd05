import type { ChangeSet } from '../changes/change-set.ts'
import type { EditedFile } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import type { Ledger } from './ledger.ts'

/** What the steps of one plan work on. */
export interface Rendering {
  readonly changes: ChangeSet
  readonly ledger: Ledger
  readonly refusals: Refusal[]
  /** Edits of ours that cannot be taken back, for what the user made of them. */
  readonly left: Refusal[]
  readonly warnings: string[]
  /** What was done to shared files, in order. */
  readonly edited: EditedFile[]
  /** Under which names a file knows what it imports, by `path name`, where they are others than asked. */
  readonly locals: Map<string, string>
  /** Also replace files that are not ours or were edited. */
  readonly force: boolean
}
