import { isSameEdit, recordEdit } from '../changes/units.ts'
import { applyOp } from '../edits/index.ts'
import type { Op } from '../model/op.ts'
import type { EditStep } from '../model/step.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import type { Rendering } from './render.ts'
import { renderText } from './templates.ts'

/** Applies one op to the file as it stands in the change set, and records what it added. */
export function editFile(step: EditStep, rendering: Rendering): void {
  const { changes, ledger, refusals } = rendering
  const op = withText(step)
  const text = changes.read(step.path)
  if (text === undefined) {
    refusals.push({
      code: 'NO_ANCHOR',
      file: step.path,
      message: `${step.path} is missing; a change of ours goes there.`,
      hint: 'Restore the file, then run the command again.',
    })
    return
  }
  const result = applyOp(step.path, text, op)
  if (result.state === 'refused') {
    refusals.push(result.refusal)
  } else if (result.state === 'applied') {
    changes.write(step.path, result.text)
    ledger.recordEdit(step.unit, recordEdit(step.path, op, result.chunk))
  } else {
    const shared = sharedEdit(recordEdit(step.path, op, ''), step.unit, rendering)
    if (shared !== undefined) ledger.recordEdit(step.unit, shared)
  }
}

/** The same edit in the record of another unit. One that nobody recorded is the user's own. */
function sharedEdit(
  edit: RecordedEdit,
  unit: UnitId,
  { ledger }: Rendering,
): RecordedEdit | undefined {
  if (ledger.editsOf(unit).some((known) => isSameEdit(known, edit))) return undefined
  return ledger.editsIn(edit.path).find((known) => isSameEdit(known, edit))
}

function withText({ op, text, data }: EditStep): Op {
  if (text === undefined) return op
  const filled = renderText(text, data ?? {})
  if (op.op === 'ensureYaml') return { ...op, block: filled }
  if (op.op === 'ensureEnv') return { ...op, lines: filled.trimEnd().split('\n') }
  return op
}
