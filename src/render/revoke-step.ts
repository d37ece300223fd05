import { posix } from 'node:path'
import { revokeOp } from '../edits/index.ts'
import type { Op } from '../model/op.ts'
import type { RevokeStep } from '../model/step.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { asNamedNow } from './local-names.ts'
import { isAsRendered } from './pristine.ts'
import type { Rendering } from './rendering.ts'

/**
 * Takes back a unit: its edits last to first, then its files. What had to be left stays recorded,
 * so that it can be taken back later or by force.
 */
export function revokeUnit(step: RevokeStep, rendering: Rendering): void {
  const { unit, keep, keepPackages = [] } = step
  const { ledger, warnings } = rendering
  const edits = ledger.editsOf(unit)
  const own = edits.filter((edit) => ledger.sharers(unit, edit).length === 0)
  const kept = own.filter(({ op }) => isPackage(op, keepPackages))
  const leftEdits = statementsFirst(own.filter((edit) => !kept.includes(edit))).filter(
    (edit) => !takeBack(unit, edit, edits, rendering),
  )
  const imported = leftEdits.flatMap((edit) => targetOf(edit) ?? [])
  const isImported = (path: string) => imported.includes(withoutEnding(path))
  const leftFiles = ledger
    .filesOf(unit)
    .filter((path) => !keep.includes(path))
    .filter((path) => isImported(path) || !removeFile(unit, path, rendering))
  for (const path of leftFiles.filter(isImported)) warnings.push(`${path} stays: it is imported.`)
  if (kept.length > 0)
    warnings.push(`${keepPackages.join(', ')} stays in package.json: it is used.`)
  ledger.reduce(unit, leftFiles, leftEdits)
}

function isPackage(op: Op, names: readonly string[]): boolean {
  return op.op === 'ensureJson' && op.path[0] === 'dependencies' && names.includes(op.path[1] ?? '')
}

/** The file of the project that a line imports, without its ending. */
function targetOf({ path, op }: RecordedEdit): string | undefined {
  if (op.op !== 'ensureImport' && op.op !== 'ensureExport') return undefined
  return withoutEnding(posix.join(posix.dirname(path), op.from))
}

function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '')
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
  { changes, left, edited }: Rendering,
): boolean {
  const { path, chunk } = edit
  const text = changes.read(path)
  if (text === undefined) return true
  const result = revokeOp(path, text, asNamedNow(edit, edits, text), chunk)
  if (result.state === 'refused') {
    // There is nothing to paste.
    const { snippet: _, ...refusal } = result.refusal
    left.push(refusal)
    return false
  }
  edited.push({ unit, path, op: edit.op, state: 'revoked', was: changes.onDisk(path) })
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
