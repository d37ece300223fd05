import { revokeOp } from '../edits/index.ts'
import type { RevokeStep } from '../model/step.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { isAsRendered } from './pristine.ts'
import type { Rendering } from './render.ts'

/**
 * Takes back a unit: its edits last to first, then its files. What had to be left stays recorded,
 * so that it can be taken back later or by force.
 */
export function revokeUnit({ unit, keep }: RevokeStep, rendering: Rendering): void {
  const { ledger } = rendering
  const leftEdits = ledger
    .editsOf(unit)
    .toReversed()
    .filter((edit) => ledger.sharers(unit, edit).length === 0)
    .filter((edit) => !takeBack(edit, rendering))
  const leftFiles = ledger
    .filesOf(unit)
    .filter((path) => !keep.includes(path))
    .filter((path) => !removeFile(unit, path, rendering))
  ledger.reduce(unit, leftFiles, leftEdits)
}

/** Says whether the edit is gone now. */
function takeBack({ path, op, chunk }: RecordedEdit, { changes, warnings }: Rendering): boolean {
  const text = changes.read(path)
  if (text === undefined) return true
  const result = revokeOp(path, text, op, chunk)
  if (result.state === 'revoked') changes.write(path, result.text)
  if (result.state !== 'refused') return true
  const { code, message, hint } = result.refusal
  warnings.push(`${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`)
  return false
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
