import { restyled } from '../edits/code-style.ts'
import type { RenderStep } from '../model/step.ts'
import { isSameText } from '../system/line-endings.ts'
import { isAsRendered } from './pristine.ts'
import type { Rendering } from './rendering.ts'
import { type ProducedFile, renderFolder } from './templates.ts'

/** Puts the files of a template folder into the change set. */
export function renderFiles(step: RenderStep, rendering: Rendering): void {
  for (const { path, text } of renderFolder(step.from, step.data)) {
    const styled = step.style === undefined ? text : restyled(path, text, step.style)
    place(step, { path, text: styled }, rendering)
  }
}

function place(step: RenderStep, file: ProducedFile, rendering: Rendering): void {
  const { changes, ledger, warnings } = rendering
  const { path, text } = file
  const existing = changes.read(path)
  const isSame = existing !== undefined && isSameText(existing, text)
  if (existing !== undefined && isForeign(step, path, isSame, rendering)) {
    if (mustStay(step, path, existing, rendering)) return
    if (!isSame) warnings.push(`${path} is replaced.`)
  }
  changes.writeText(path, text)
  ledger.recordFile(step.unit, path, text)
}

/** Of a generated thing every file is ours by its record alone: what was detached is the user's. */
function isForeign(
  { unit }: RenderStep,
  path: string,
  isSame: boolean,
  { ledger }: Rendering,
): boolean {
  return !isSame || (!/^(base|feature)-/.test(unit) && !ledger.ownsFile(unit, path))
}

/** A file of ours stays as it is, also when it was edited; one of somebody else is refused. */
function mustStay(step: RenderStep, path: string, existing: string, rendering: Rendering): boolean {
  const { ledger, refusals, warnings, force } = rendering
  const isOurs = ledger.ownsFile(step.unit, path)
  if (isOurs && isAsRendered(step.unit, path, existing, rendering)) return true
  if (isOurs && ledger.editsIn(path).length > 0) {
    warnings.push(`${path} was edited, and others have lines in it; it is left as it is.`)
    return true
  }
  if (force) return false
  if (isOurs) warnings.push(`${path} was edited; it is left as it is.`)
  else {
    refusals.push({
      code: 'FILE_EXISTS',
      file: path,
      message: `${path} exists and is not ours.`,
      hint: 'Move it away, or replace it with --force (--dry-run --force shows what would change).',
    })
  }
  return true
}
