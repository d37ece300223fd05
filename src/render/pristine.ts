import { manifestPath } from '../changes/units.ts'
import { revokeOp } from '../edits/index.ts'
import type { Manifest } from '../model/project.ts'
import type { RecordedEdit, UnitId } from '../model/unit.ts'
import type { Rendering } from './render.ts'

type Readable = Pick<Rendering, 'changes' | 'ledger'>

/** The text of a file without what the features' edits added to it. */
export function withoutOurChunks(path: string, text: string, rendering: Readable): string {
  const edits = featureUnits(rendering)
    .flatMap((id) => rendering.ledger.editsOf(id))
    .filter((edit) => edit.path === path)
  return edits.toReversed().reduce(withoutChunk, text)
}

function withoutChunk(text: string, edit: RecordedEdit): string {
  const result = revokeOp(edit.path, text, edit.op, edit.chunk)
  return result.state === 'revoked' ? result.text : text
}

/** Ids of the units that may share an edit: those of the features. A resource's edits are its own. */
export function featureUnits({ changes }: Pick<Rendering, 'changes'>): readonly UnitId[] {
  const manifest = changes.read(manifestPath)
  if (manifest === undefined) return []
  return (JSON.parse(manifest) as Manifest).features.map((id) => `feature-${id}`)
}
