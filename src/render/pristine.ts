import { revokeOp } from '../edits/index.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { sha256 } from '../system/hash.ts'
import type { Rendering } from './rendering.ts'

/** Whether a file of the unit holds what was rendered, and beside that only recorded edits. */
export function isAsRendered(
  unit: UnitId,
  path: string,
  text: string,
  { ledger }: Pick<Rendering, 'ledger'>,
): boolean {
  const hash = ledger.fileHash(unit, path)
  // The other units are asked only where the file is not plainly ours.
  if (sha256(text) === hash) return true
  return sha256(ledger.editsIn(path).toReversed().reduce(withoutChunk, text)) === hash
}

function withoutChunk(text: string, edit: RecordedEdit): string {
  const result = revokeOp(edit.path, text, edit.op, edit.chunk)
  return result.state === 'revoked' ? result.text : text
}
