import { revokeOp } from '../edits/index.ts'
import type { RevokeStep } from '../model/step.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { asNamedNow } from './local-names.ts'
import { isAsRendered } from './pristine.ts'
import type { Rendering } from './render.ts'

/**
 * Takes back a unit: its edits last to first, then its files. What had to be left stays recorded,
 * so that it can be taken back later or by force.
 */
export function revokeUnit({ unit, keep }: RevokeStep, rendering: Rendering): void {
  const { ledger } = rendering
  const edits = ledger.editsOf(unit)
  const own = edits.filter((edit) => ledger.sharers(unit, edit).length === 0)
  const leftEdits = statementsFirst(own).filter((edit) => !takeBack(unit, edit, edits, rendering))
  const leftFiles = ledger
    .filesOf(unit)
    .filter((path) => !keep.includes(path))
    .filter((path) => !removeFile(unit, path, rendering))
  ledger.reduce(unit, leftFiles, leftEdits)
}

/** What uses an import goes before the import does. */
function statementsFirst(edits: readonly RecordedEdit[]): readonly RecordedEdit[] {
  const isImport = ({ op }: RecordedEdit) => op.op === 'ensureImport'
  const backwards = edits.toReversed()
  return [...backwards.filter((edit) => !isImport(edit)), ...backwards.filter(isImport)]
}

/** Says whether the edit is gone now. */
function takeBack(
  unit: UnitId,
  edit: RecordedEdit,
  edits: readonly RecordedEdit[],
  { changes, warnings, edited }: Rendering,
): boolean {
  const { path, chunk } = edit
  const text = changes.read(path)
  if (text === undefined) return true
  const result = revokeOp(path, text, asNamedNow(edit, edits, text), chunk)
  if (result.state === 'refused') {
    const { code, file, line, message, hint } = result.refusal
    const place = file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}`
    warnings.push(`${code}${place}: ${message}${hint === undefined ? '' : ` ${hint}`}`)
    return false
  }
  edited.push({ unit, path, op: edit.op, state: 'revoked' })
  if (result.state === 'revoked') changes.write(path, result.text)
  return true
}

/** Says whether the file is gone now. */
function removeFile(unit: UnitId, path: string, rendering: Rendering): boolean {
  const { changes, warnings, force } = rendering
  const text = changes.read(path)
  if (text === undefined) return true
  const isOurs = force || isAsRendered(unit, path, text, rendering)
  if (isOurs) changes.remove(path)
  else warnings.push(`${path} was edited; it is left. With --force it is removed too.`)
  return isOurs
}
