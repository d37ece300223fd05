import { isSameEdit } from '../changes/units.ts'
import { revokeOp } from '../edits/index.ts'
import type { RevokeStep } from '../model/step.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { sha256 } from '../system/hash.ts'
import { featureUnits, withoutOurChunks } from './pristine.ts'
import type { Rendering } from './render.ts'

/** Takes back a unit: its edits last to first, then its files, then its record. */
export function revokeUnit(step: RevokeStep, rendering: Rendering): void {
  const { ledger } = rendering
  for (const edit of ledger.editsOf(step.unit).toReversed()) {
    if (!isShared(edit, step.unit, rendering)) takeBack(edit, rendering)
  }
  for (const path of ledger.filesOf(step.unit)) {
    if (!step.keep.includes(path)) removeFile(step.unit, path, rendering)
  }
  ledger.drop(step.unit)
}

function isShared(edit: RecordedEdit, unit: UnitId, rendering: Rendering): boolean {
  return featureUnits(rendering)
    .filter((id) => id !== unit)
    .some((id) => rendering.ledger.editsOf(id).some((other) => isSameEdit(other, edit)))
}

function takeBack({ path, op, chunk }: RecordedEdit, { changes, warnings }: Rendering): void {
  const text = changes.read(path)
  if (text === undefined) return
  const result = revokeOp(path, text, op, chunk)
  if (result.state === 'revoked') changes.write(path, result.text)
  if (result.state === 'refused') {
    const { code, message, hint } = result.refusal
    warnings.push(`${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`)
  }
}

function removeFile(unit: UnitId, path: string, rendering: Rendering): void {
  const { changes, ledger, warnings, force } = rendering
  const text = changes.read(path)
  if (text === undefined) return
  const isOurs = sha256(withoutOurChunks(path, text, rendering)) === ledger.fileHash(unit, path)
  if (isOurs || force) changes.remove(path)
  else warnings.push(`${path} was edited since; it is left. Remove it by hand, or use --force.`)
}
