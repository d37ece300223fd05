import { createTwoFilesPatch } from 'diff'
import type { FileChange } from '../model/change.ts'

/** The change as a unified diff that `git apply` and `patch -p1` read. */
export function unifiedDiff(change: FileChange): string {
  const before = change.kind === 'create' ? '' : change.before.text
  const after = change.kind === 'delete' ? '' : change.after
  const patch = createTwoFilesPatch(
    change.kind === 'create' ? '/dev/null' : `a/${change.path}`,
    change.kind === 'delete' ? '/dev/null' : `b/${change.path}`,
    before,
    after,
    undefined,
    undefined,
    { context: 3 },
  )
  // The library begins with a rule that belongs to no diff format.
  return patch.replace(/^=+\n/, '')
}
