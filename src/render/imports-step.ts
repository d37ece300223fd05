import { posix } from 'node:path'
import { importedIn } from '../edits/imported.ts'
import { lineNumber } from '../edits/lines.ts'
import type { CheckImportsStep } from '../model/step.ts'
import type { Rendering } from './rendering.ts'

/** Refuses to delete a file that a file which stays imports: a project that compiled has to compile. */
export function checkImports(step: CheckImportsStep, { changes, refusals }: Rendering): void {
  // Refused for a nearer reason, which may well be why the import is still there.
  if (refusals.length > 0) return
  const gone = new Map(
    changes
      .changes()
      .filter(({ kind }) => kind === 'delete')
      .map(({ path }) => [stemOf(path), path]),
  )
  if (gone.size === 0) return
  for (const path of step.importers) {
    const text = changes.read(path)
    if (text === undefined) continue
    for (const { specifier, at } of importedIn(text)) {
      const target = targetOf(path, specifier)
      const file = target === undefined ? step.aliases[stemOf(specifier)] : gone.get(target)
      if (file === undefined || !gone.has(stemOf(file))) continue
      refusals.push({
        code: 'STILL_USED',
        file: path,
        line: lineNumber(text, at),
        message: `This imports ${file}, which would be deleted.`,
        hint: 'Remove the import and its uses, then run the command again.',
      })
    }
  }
}

function targetOf(path: string, specifier: string): string | undefined {
  if (!/^\.\.?(\/|$)/.test(specifier)) return undefined
  return stemOf(posix.join(posix.dirname(path), specifier))
}

/** `a/u`, `a/u.js`, `a/u.ts`, `a/u/` and `a/u/index.ts` are one module. */
function stemOf(path: string): string {
  return path
    .replace(/\.[cm]?[jt]sx?$/, '')
    .replace(/\/$/, '')
    .replace(/\/index$/, '')
}
