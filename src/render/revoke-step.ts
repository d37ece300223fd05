import { revokeOp } from '../edits/index.ts'
import type { Op } from '../model/op.ts'
import type { RevokeStep } from '../model/step.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { asNamedNow } from './local-names.ts'
import { isAsRendered } from './pristine.ts'
import type { Rendering } from './rendering.ts'

/**
 * Takes back a unit: its edits last to first, then its files. What the user changed is refused, with
 * everything else: half a unit helps nobody. By force edited files go too; a line of code that cannot
 * be taken out is refused all the same, for it would import what is gone. An entry of another kind
 * that cannot be taken out then stays, and stays recorded.
 */
export function revokeUnit(step: RevokeStep, rendering: Rendering): void {
  const { unit, keep, keepPackages = [] } = step
  const { ledger, warnings } = rendering
  const edits = ledger.editsOf(unit)
  const own = edits.filter((edit) => ledger.sharers(unit, edit).length === 0)
  const kept = own.filter(({ op }) => isPackage(op, keepPackages))
  const left = statementsFirst(own.filter((edit) => !kept.includes(edit))).filter(
    (edit) => !takeBack(unit, edit, edits, rendering),
  )
  for (const path of ledger.filesOf(unit)) {
    if (!keep.includes(path)) removeFile(step, path, rendering)
  }
  if (kept.length > 0)
    warnings.push(`${keepPackages.join(', ')} stays in package.json: it is used.`)
  ledger.reduce(unit, [], left)
}

function isPackage(op: Op, names: readonly string[]): boolean {
  return op.op === 'ensureJson' && op.path[0] === 'dependencies' && names.includes(op.path[1] ?? '')
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
  { changes, refusals, left, edited, force }: Rendering,
): boolean {
  const { path, chunk } = edit
  const text = changes.read(path)
  if (text === undefined) return true
  const result = revokeOp(path, text, asNamedNow(edit, edits, text), chunk)
  if (result.state === 'refused') {
    // There is nothing to paste.
    const { snippet: _, ...refusal } = result.refusal
    const isOptional = force && !/\.[cm]?[jt]sx?$/.test(path)
    ;(isOptional ? left : refusals).push(refusal)
    return false
  }
  edited.push({ unit, path, op: edit.op, state: 'revoked', was: changes.onDisk(path) })
  if (result.state === 'revoked') changes.write(path, result.text)
  return true
}

function removeFile(step: RevokeStep, path: string, rendering: Rendering): void {
  const { changes, refusals, force } = rendering
  const text = changes.read(path)
  if (text === undefined) return
  if (force || isAsRendered(step.unit, path, text, rendering)) changes.remove(path)
  else {
    refusals.push({
      code: 'DRIFT',
      file: path,
      message: `${path} was edited since it was generated.`,
      hint: step.whenEdited,
    })
  }
}
