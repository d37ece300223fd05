import { posix } from 'node:path'
import { importedIn, namesExportedBy, usesThrough } from '../edits/imported.ts'
import { lineNumber } from '../edits/lines.ts'
import type { FileChange } from '../model/change.ts'
import type { CheckImportsStep } from '../model/step.ts'
import type { Rendering } from './rendering.ts'

/** Where specifiers lead: to the stems of files. */
type Resolve = (from: string, specifier: string) => string

/** Refuses to delete a file that a file which stays imports: a project that compiled has to compile. */
export function checkImports(step: CheckImportsStep, { changes, refusals }: Rendering): void {
  // Refused for a nearer reason, which may well be why the import is still there.
  if (refusals.length > 0) return
  const list = changes.changes()
  const gone = new Map(
    list.flatMap((change) => (change.kind === 'delete' ? [[stemOf(change.path), change]] : [])),
  )
  if (gone.size === 0) return
  const resolve = resolverOf(step)
  const lost = list.flatMap((change) => lostThrough(change, gone, resolve))
  for (const path of step.importers) {
    const text = changes.read(path)
    if (text === undefined) continue
    const refuse = (at: number, what: string) =>
      refusals.push({
        code: 'STILL_USED',
        file: path,
        line: lineNumber(text, at),
        message: `This ${what}, which would be deleted.`,
        hint: 'Remove it and what needs it, then run the command again.',
      })
    for (const { specifier, at } of importedIn(text)) {
      const target = resolve(path, specifier)
      const file = gone.get(target)?.path
      if (file !== undefined) refuse(at, `imports ${file}`)
    }
    for (const { barrel, file, names } of lost) {
      const isBarrel = (specifier: string) => resolve(path, specifier) === stemOf(barrel)
      for (const { name, at } of usesThrough(text, names, isBarrel)) {
        refuse(at, `uses ${name} of ${file} through ${barrel}`)
      }
    }
  }
}

type Deletion = Extract<FileChange, { kind: 'delete' }>

/** What a file exported again that exports no more of a deleted one. */
function lostThrough(
  change: FileChange,
  gone: ReadonlyMap<string, Deletion>,
  resolve: Resolve,
): readonly { barrel: string; file: string; names: readonly string[] }[] {
  if (change.kind !== 'update' || !/\.[cm]?[jt]sx?$/.test(change.path)) return []
  return importedIn(change.before.text).flatMap(({ specifier }) => {
    const deletion = gone.get(resolve(change.path, specifier))
    if (deletion === undefined) return []
    const names = namesExportedBy(deletion.before.text)
    return [{ barrel: change.path, file: deletion.path, names }]
  })
}

function resolverOf({ aliases }: CheckImportsStep): Resolve {
  return (from, specifier) =>
    /^\.\.?(\/|$)/.test(specifier)
      ? stemOf(posix.join(posix.dirname(from), specifier))
      : stemOf(aliases[stemOf(specifier)] ?? specifier)
}

/** `a/u`, `a/u.js`, `a/u.ts`, `a/u/` and `a/u/index.ts` are one module. */
function stemOf(path: string): string {
  return path
    .replace(/\.[cm]?[jt]sx?$/, '')
    .replace(/\/$/, '')
    .replace(/\/index$/, '')
}
