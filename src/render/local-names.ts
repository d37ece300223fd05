import { applyOp } from '../edits/index.ts'
import type { EnsureImport, Op } from '../model/op.ts'
import type { RecordedEdit } from '../model/unit.ts'

/** The name under which a text imports what an op asks for; nothing where it does not import it. */
function localNameOf(path: string, text: string, op: EnsureImport): string | undefined {
  const result = applyOp(path, text, op)
  return result.state === 'present' ? (result.local ?? op.name) : undefined
}

/**
 * A recorded op as the file has it now: where the user renamed an import of the same unit, what
 * speaks of it has the new name.
 */
export function asNamedNow(
  { path, op }: RecordedEdit,
  unit: readonly RecordedEdit[],
  text: string,
): Op {
  if (op.op !== 'ensureStatement' && op.op !== 'ensureListItem') return op
  for (const { path: file, op: other } of unit) {
    if (file === path && other.op === 'ensureImport' && other.name === op.name) {
      return withLocalName(op, localNameOf(path, text, other))
    }
  }
  return op
}

/** An op with the name that a file gives to what the op speaks of. */
export function withLocalName(op: Op, local: string | undefined): Op {
  if (local === undefined) return op
  if (op.op === 'ensureStatement') {
    return { ...op, name: local, statement: renamed(op.statement, op.name, local) }
  }
  if (op.op === 'ensureListItem') {
    return { ...op, name: local, item: renamed(op.item, op.name, local) }
  }
  return op
}

function renamed(code: string, name: string, local: string): string {
  // A function: the name may hold a `$`, which means something in a replacement.
  return code.replace(
    new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`),
    () => local,
  )
}
