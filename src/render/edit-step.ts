import { isSameEdit, recordEdit } from '../changes/units.ts'
import { applyOp, applyOpFresh } from '../edits/index.ts'
import type { Op } from '../model/op.ts'
import type { EditStep } from '../model/step.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { withLocalName } from './local-names.ts'
import type { Rendering } from './rendering.ts'
import { renderText } from './templates.ts'

/** Applies one op to the file as it stands in the change set, and records what it added. */
export function editFile(step: EditStep, rendering: Rendering): void {
  const { changes, ledger, refusals, edited, locals } = rendering
  const { unit, path } = step
  const asked = withText(step)
  const op = 'name' in asked ? withLocalName(asked, locals.get(`${path} ${asked.name}`)) : asked
  const text = changes.read(path)
  if (text === undefined) {
    refusals.push({
      code: 'NO_ANCHOR',
      file: path,
      message: `${path} is missing; a change of ours goes there.`,
      hint: 'Restore the file, then run the command again.',
      ...snippetOf(step),
    })
    return
  }
  const isFresh = isOfService(unit) && changes.isNew(path)
  const result = isFresh ? applyOpFresh(path, text, op) : applyOp(path, text, op)
  if (result.state === 'refused') {
    refusals.push({ ...result.refusal, ...snippetOf(step) })
    return
  }
  edited.push({ unit, path, op, state: result.state, was: changes.onDisk(path) })
  if (result.state === 'applied') {
    changes.write(path, result.text)
    ledger.recordEdit(unit, recordEdit(path, op, result.chunk))
    return
  }
  if (result.local !== undefined && op.op === 'ensureImport') {
    locals.set(`${path} ${op.name}`, result.local)
  }
  const shared = sharedEdit(recordEdit(path, op, ''), unit, rendering)
  if (shared !== undefined) ledger.recordEdit(unit, shared)
}

/** Whether a unit is made in a service of ours, whose files are written as our templates are. */
function isOfService(unit: UnitId): boolean {
  return unit.startsWith('feature-')
}

function snippetOf({ paste }: EditStep): { readonly snippet?: string } {
  return paste === undefined ? {} : { snippet: paste }
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
  if (op.op === 'ensureJsonItems') return { ...op, block: filled }
  if (op.op === 'ensureYaml') return { ...op, block: filled }
  if (op.op === 'ensureMarkdown') return { ...op, block: filled.trimEnd() }
  if (op.op === 'ensureEnv') return { ...op, lines: filled.trimEnd().split('\n') }
  return op
}
