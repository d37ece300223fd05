import { dirname, join } from 'node:path'
import type { FileChange } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import {
  isBrokenLink,
  isReallyWithin,
  isWritable,
  type Kind,
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
  const above = foldersAbove(root)
  return [
    ...paths.flatMap((path) => obstacle(root, path, above(dirname(join(root, path)))) ?? []),
    ...caseClashes(root, changes),
  ]
}

/** The nearest thing that exists on the way to a file. */
interface Above {
  readonly path: string
  readonly isParent: boolean
  readonly kind: Kind
  readonly isBroken: boolean
  readonly isWithin: boolean
}

/** Many files share a folder, which is looked at once. */
function foldersAbove(root: string): (folder: string) => Above {
  const hasRoot = kindOf(root) === 'folder'
  const known = new Map<string, Above>()
  return (folder) => {
    const above = known.get(folder) ?? look(root, folder, hasRoot)
    known.set(folder, above)
    return above
  }
}

function look(root: string, folder: string, hasRoot: boolean): Above {
  const path = nearestExisting(folder)
  return {
    path,
    isParent: path === folder,
    kind: kindOf(path),
    isBroken: isBrokenLink(path),
    isWithin: !hasRoot || isReallyWithin(root, path),
  }
}

function obstacle(root: string, path: string, above: Above): Refusal | undefined {
  if (above.kind === 'file') return inTheWay(path, `${above.path} is a file, not a folder.`)
  if (above.isBroken) return brokenLink(path, above.path)
  if (!above.isWithin) return outside(path)
  if (above.isParent) {
    const file = join(root, path)
    if (isBrokenLink(file)) return brokenLink(path, file)
    const kind = kindOf(file)
    if (kind === 'folder') return inTheWay(path, `${path} is a folder, not a file.`)
    if (kind === 'file' && !isReallyWithin(root, file)) return outside(path)
    if (kind === 'file' && !isWritable(file)) return readOnly(path)
  }
  return isWritable(above.path) ? undefined : readOnly(path)
}

function brokenLink(path: string, link: string): Refusal {
  return inTheWay(path, `${link} is a link that leads to nothing.`)
}

function outside(path: string): Refusal {
  return inTheWay(path, `${path} leads out of the project by a link.`)
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
