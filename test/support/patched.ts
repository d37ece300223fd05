import { applyPatch, parsePatch } from 'diff'
import type { Tree } from './tree.ts'

/** What the tree becomes if the printed diff is applied to it. */
export function patched(before: Tree, diff: string): Tree {
  const after: Record<string, string> = { ...before }
  for (const patch of parsePatch(diff)) {
    const path = (patch.newFileName === '/dev/null' ? patch.oldFileName : patch.newFileName) ?? ''
    const name = path.slice(2)
    const text = applyPatch(before[name] ?? '', patch)
    if (text === false) throw new Error(`the diff of ${name} does not apply`)
    if (patch.newFileName === '/dev/null') delete after[name]
    else after[name] = text
  }
  return after
}

/** The diff of a dry run, without the summary below it. */
export function diffOf(out: string): string {
  return out.slice(0, out.lastIndexOf('\n', out.length - 2) + 1)
}

/** The diffs of a JSON document, which unlike the text has those of records too. */
export function diffsIn(out: string): string {
  const { changes } = JSON.parse(out) as { changes: { diff: string }[] }
  return changes.map(({ diff }) => diff).join('')
}
