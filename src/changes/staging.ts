import { basename, dirname, join, relative, sep } from 'node:path'
import { RefusedError } from '../errors.ts'
import type { FileChange } from '../model/change.ts'
import { sha256 } from '../system/hash.ts'
import { isReallyWithin, missingFolders, realPlace } from '../system/places.ts'
import { fingerprint } from '../system/reading.ts'
import { keepBackup, makeFolder, syncFolder, writeDurably } from '../system/writing.ts'
import { historyFolder } from './history.ts'
import type { Lock } from './lock.ts'
import { inTheWay } from './preflight.ts'
import { type Entry, foldersOf, stagedIn, type Transaction } from './transaction.ts'

/** What a commit does, by the real places of its files. Refuses what leads out of the project. */
export function planTransaction(
  { root, id, made }: Lock,
  changes: readonly FileChange[],
): Transaction {
  const entries = changes.map((change) => entryOf(root, change))
  const missing = entries
    .filter(({ after }) => after !== undefined)
    .flatMap(({ path }) => missingFolders(dirname(join(root, path))))
    .map((folder) => relative(root, folder))
  refuseTwice(entries)
  return { version: 1, id, entries, folders: [...new Set([...made, ...missing])] }
}

function entryOf(root: string, change: FileChange): Entry {
  const file = join(root, change.path)
  // A file is changed where it is; a deletion takes the name away, be it a link.
  const place =
    change.kind === 'update' ? realPlace(file) : join(realPlace(dirname(file)), basename(file))
  if (!isReallyWithin(root, dirname(place))) {
    throw new RefusedError([
      inTheWay(change.path, `${change.path} leads out of the project by a link.`),
    ])
  }
  return {
    path: relative(root, place).split(sep).join('/'),
    ...(change.kind === 'create' ? {} : { before: change.before.sha256 }),
    ...(change.kind === 'delete' ? {} : { after: sha256(change.after) }),
  }
}

/** Two paths may be one file by a link; only one of them can be the last. */
function refuseTwice(entries: readonly Entry[]): void {
  const paths = entries.map(({ path }) => path)
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice === undefined) return
  const message = `${twice} would be written twice: another path leads to it by a link.`
  throw new RefusedError([inTheWay(twice, message)])
}

/** Compares every file with what was read when the change was planned. */
export function refuseChanged(root: string, { entries }: Transaction): void {
  const changed = entries.filter(({ path, before }) => fingerprint(join(root, path)) !== before)
  if (changed.length === 0) return
  // Whoever changed the user's files left his notes about it too.
  const own = changed.filter(({ path }) => !path.startsWith(`${historyFolder}/`))
  throw new RefusedError(
    (own.length > 0 ? own : changed).map(({ path }) => ({
      code: 'CHANGED_MEANWHILE',
      file: path,
      message: `${path} was changed by somebody else while this command was at work.`,
      hint: 'Nothing was written. Run the command again.',
    })),
  )
}

/** Puts the new bytes and a second name of the old ones beside every file, safely on the disk. */
export function stage(
  root: string,
  transaction: Transaction,
  changes: readonly FileChange[],
): void {
  for (const [index, { entry, target, temporary, backup }] of stagedIn(
    root,
    transaction,
  ).entries()) {
    const change = changes[index]
    if (change !== undefined && change.kind !== 'delete') {
      makeFolder(dirname(target))
      writeDurably(temporary, change.after, change.kind === 'update' ? target : undefined)
    }
    if (entry.before !== undefined) keepBackup(target, backup)
  }
  for (const folder of foldersOf(root, transaction)) syncFolder(folder)
}
