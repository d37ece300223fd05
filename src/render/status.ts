import { ChangeSet } from '../changes/change-set.ts'
import { revokeOp } from '../edits/index.ts'
import type { Disk } from '../model/change.ts'
import type { Op } from '../model/op.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { withLf } from '../system/line-endings.ts'
import { Ledger } from './ledger.ts'
import { asNamedNow } from './local-names.ts'
import { isAsRendered } from './pristine.ts'

/**
 * What became of something that is recorded. `managed`: as it was written. `edited`: there, with
 * changes of the user's. `detached`: there, but so that it cannot be taken back. `missing`: gone.
 */
export type State = 'managed' | 'edited' | 'detached' | 'missing'

/** One file, or one edit of a shared file. */
export interface StatusRow {
  readonly unit: UnitId
  readonly path: string
  /** What was put into a shared file; nothing for a whole file. */
  readonly edit?: string
  readonly state: State
}

/** Compares everything that is recorded with what is on disk. Reads only. */
export function statusOf(disk: Disk): readonly StatusRow[] {
  const changes = new ChangeSet(disk)
  const ledger = new Ledger(changes)
  return ledger.ids().flatMap((unit) => [
    ...ledger.filesOf(unit).map((path) => ({
      unit,
      path,
      state: fileState(unit, path, changes.read(path), ledger),
    })),
    ...ledger.editsOf(unit).map((edit) => ({
      unit,
      path: edit.path,
      edit: wordsOf(edit.op),
      state: editState(edit, changes.read(edit.path), ledger.editsOf(unit)),
    })),
  ])
}

function fileState(unit: UnitId, path: string, text: string | undefined, ledger: Ledger): State {
  if (text === undefined) return 'missing'
  return isAsRendered(unit, path, text, { ledger }) ? 'managed' : 'edited'
}

function editState(
  edit: RecordedEdit,
  text: string | undefined,
  edits: readonly RecordedEdit[],
): State {
  if (text === undefined) return 'missing'
  const { path, chunk } = edit
  const result = revokeOp(path, text, asNamedNow(edit, edits, text), chunk)
  if (result.state === 'absent') return 'missing'
  if (result.state === 'refused')
    return result.refusal.code === 'STILL_USED' ? 'managed' : 'detached'
  return withLf(text).includes(withLf(chunk)) ? 'managed' : 'edited'
}

function wordsOf(op: Op): string {
  switch (op.op) {
    case 'ensureImport':
      return `import ${op.name}`
    case 'ensureStatement':
      return op.statement
    case 'ensureListItem':
      return `${op.list}: ${op.item}`
    case 'ensureProperty':
      return `${op.object}: ${op.key}`
    case 'ensureExport':
      return `export ${op.from}`
    case 'ensureEnv':
      return `# ${op.section}`
    case 'ensureJsonItems':
    case 'ensureMarkdown':
      return op.entry
    default:
      return op.path.join('.')
  }
}
