import type { RenderStep } from '../model/step.ts'
import { sha256 } from '../system/hash.ts'
import { withoutOurChunks } from './pristine.ts'
import type { Rendering } from './render.ts'
import { type ProducedFile, renderFolder } from './templates.ts'

/** Puts the files of a template folder into the change set. */
export function renderFiles(step: RenderStep, rendering: Rendering): void {
  for (const file of renderFolder(step.from, step.data)) place(step, file, rendering)
}

function place(step: RenderStep, { path, text }: ProducedFile, rendering: Rendering): void {
  const { changes, ledger, force } = rendering
  const existing = changes.read(path)
  if (existing === undefined || existing === text || force) {
    changes.write(path, text)
    ledger.recordFile(step.unit, path, text)
  } else {
    leave(step, path, existing, rendering)
  }
}

/** A file of ours stays as it is, also when it was edited; one of somebody else is refused. */
function leave(step: RenderStep, path: string, existing: string, rendering: Rendering): void {
  const { ledger, refusals, warnings } = rendering
  const hash = ledger.fileHash(step.unit, path)
  if (hash === undefined) {
    refusals.push({
      code: 'FILE_EXISTS',
      file: path,
      message: `${path} exists and is not ours.`,
      hint: 'Move it away, or replace it with --force (--dry-run --force shows what would change).',
    })
  } else if (sha256(withoutOurChunks(path, existing, rendering)) !== hash) {
    warnings.push(`${path} was edited; it is left as it is.`)
  }
}
