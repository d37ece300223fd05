import { dirname, join } from 'node:path'
import type { FileChange } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import {
  isBrokenLink,
  isReallyWithin,
  isWritable,
  kindOf,
  nearestExisting,
} from '../system/places.ts'
import { caseClashes } from './case-clash.ts'
import { historyFolder } from './history.ts'

/** What would keep the changes from being written, found before anything is. */
export function preflight(root: string, changes: readonly FileChange[]): readonly Refusal[] {
  if (changes.length === 0) return []
  // Every commit puts its lock there first.
  const paths = [...changes.map(({ path }) => path), `${historyFolder}/lock`]
  return [...paths.flatMap((path) => obstacle(root, path) ?? []), ...caseClashes(root, changes)]
}

function obstacle(root: string, path: string): Refusal | undefined {
  const file = join(root, path)
  const folder = nearestExisting(dirname(file))
  if (kindOf(folder) === 'file') return inTheWay(path, `${folder} is a file, not a folder.`)
  const broken = [folder, file].find(isBrokenLink)
  if (broken !== undefined) return inTheWay(path, `${broken} is a link that leads to nothing.`)
  if (kindOf(file) === 'folder') return inTheWay(path, `${path} is a folder, not a file.`)
  if (kindOf(root) === 'folder' && ![folder, file].every((at) => isReallyWithin(root, at))) {
    return inTheWay(path, `${path} leads out of the project by a link.`)
  }
  const isOpen = isWritable(folder) && (kindOf(file) === 'nothing' || isWritable(file))
  return isOpen ? undefined : readOnly(path)
}

export function inTheWay(path: string, message: string): Refusal {
  return {
    code: 'FILE_EXISTS',
    file: path,
    message,
    hint: 'Move it away, then run the command again.',
  }
}

export function readOnly(path: string): Refusal {
  return {
    code: 'READ_ONLY',
    file: path,
    message: `${path} cannot be written: it, or its folder, is read-only.`,
    hint: 'Make it writable, or choose another folder, then run the command again.',
  }
}
