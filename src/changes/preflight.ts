import { dirname, join } from 'node:path'
import type { FileChange } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import { isWritable } from '../system/writing.ts'

/** What would keep the changes from being written, found before anything is. */
export function preflight(root: string, changes: readonly FileChange[]): readonly Refusal[] {
  return changes
    .map((change) => change.path)
    .filter((path) => !isWritable(join(root, path)) || !isWritable(dirname(join(root, path))))
    .map(readOnly)
}

export function readOnly(path: string): Refusal {
  return {
    code: 'READ_ONLY',
    file: path,
    message: `${path} cannot be written: it, or its folder, is read-only.`,
    hint: 'Make it writable, or choose another folder, then run the command again.',
  }
}
