import type { ChangeSet } from '../changes/change-set.ts'
import {
  isSameEdit,
  readUnit,
  removeRecord,
  unitIds,
  unitPath,
  writeRecord,
} from '../changes/units.ts'
import type { RecordedEdit, UnitHead, UnitId } from '../model/unit.ts'
import { unitId } from '../model/unit.ts'
import { sha256 } from '../system/hash.ts'
import { withLf } from '../system/line-endings.ts'
import { type Draft, draftOf, emptyDraft, recordOf } from './draft.ts'

/** The units of a project while a plan is rendered; `flush` writes those that were touched. */
export class Ledger {
  readonly #changes: ChangeSet
  readonly #drafts = new Map<UnitId, Draft | undefined>()
  readonly #touched = new Set<UnitId>()

  constructor(changes: ChangeSet) {
    this.#changes = changes
  }

  /** Begins a unit, or goes on with one that is recorded. */
  open(head: UnitHead): void {
    const id = unitId(head)
    const known = this.#draft(id)
    this.#drafts.set(
      id,
      known === undefined ? emptyDraft(head) : { ...known, head, isReduced: false },
    )
    this.#touched.add(id)
  }

  ownsFile(id: UnitId, path: string): boolean {
    return this.#draft(id)?.files.has(path) ?? false
  }

  /** The recorded hash of a file of the unit. */
  fileHash(id: UnitId, path: string): string | undefined {
    return this.#draft(id)?.files.get(path)
  }

  filesOf(id: UnitId): readonly string[] {
    return [...(this.#draft(id)?.files.keys() ?? [])]
  }

  editsOf(id: UnitId): readonly RecordedEdit[] {
    return this.#draft(id)?.edits ?? []
  }

  recordFile(id: UnitId, path: string, text: string): void {
    const draft = this.#opened(id)
    draft.files.set(path, sha256(withLf(text)))
    draft.pristine.set(path, text)
  }

  recordEdit(id: UnitId, edit: RecordedEdit): void {
    const { edits } = this.#opened(id)
    if (!edits.some((known) => isSameEdit(known, edit))) edits.push(edit)
  }

  /** The edits that any unit of the project has made in a file. */
  editsIn(path: string): readonly RecordedEdit[] {
    return this.ids()
      .flatMap((id) => this.editsOf(id))
      .filter((edit) => edit.path === path)
  }

  /** The ids of the other units with the same edit. */
  sharers(id: UnitId, edit: RecordedEdit): readonly UnitId[] {
    return this.ids().filter(
      (other) => other !== id && this.editsOf(other).some((known) => isSameEdit(known, edit)),
    )
  }

  /** Lets a unit keep no more than the given files and edits, or nothing at all. */
  reduce(id: UnitId, files: readonly string[], edits: readonly RecordedEdit[]): void {
    const draft = this.#draft(id)
    const isEmpty = files.length + edits.length === 0
    if (draft === undefined || isEmpty) {
      this.drop(id)
    } else {
      const kept = [...draft.files].filter(([path]) => files.includes(path))
      this.#drafts.set(id, { ...draft, files: new Map(kept), edits: [...edits], isReduced: true })
      this.#touched.add(id)
    }
  }

  /** Whether no unit is left. */
  isEmpty(): boolean {
    return this.ids().every((id) => this.#draft(id) === undefined)
  }

  drop(id: UnitId): void {
    this.#drafts.set(id, undefined)
    this.#touched.add(id)
  }

  flush(): void {
    for (const id of [...this.#touched].sort()) {
      const draft = this.#drafts.get(id)
      if (draft === undefined) removeRecord(this.#changes, unitPath(id))
      else writeRecord(this.#changes, unitPath(id), recordOf(draft))
    }
  }

  /** Recorded and new units, sorted. Read only where it matters who else is there. */
  ids(): readonly UnitId[] {
    const recorded = unitIds((folder) => this.#changes.namesIn(folder))
    return [...new Set([...recorded, ...this.#drafts.keys()])].sort()
  }

  #opened(id: UnitId): Draft {
    const draft = this.#draft(id)
    if (draft === undefined) throw new Error(`the plan records for ${id} before it opens it`)
    this.#touched.add(id)
    return draft
  }

  #draft(id: UnitId): Draft | undefined {
    if (!this.#drafts.has(id)) {
      const unit = readUnit(id, (path) => this.#changes.read(path))
      this.#drafts.set(id, unit && draftOf(unit))
    }
    return this.#drafts.get(id)
  }
}
