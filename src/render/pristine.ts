import { revokeOp } from '../edits/index.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import { sha256 } from '../system/hash.ts'
import { withLf } from '../system/line-endings.ts'
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
  const plain = withLf(text)
  if (sha256(plain) === hash) return true
  return sha256(ledger.editsIn(path).toReversed().reduce(withoutChunk, plain)) === hash
}

function withoutChunk(text: string, edit: RecordedEdit): string {
  const result = revokeOp(edit.path, text, edit.op, edit.chunk)
  return result.state === 'revoked' ? result.text : text
}
