import { basename, dirname, join, relative, sep } from 'node:path'
import { RefusedError } from '../errors.ts'
import type { FileChange } from '../model/change.ts'
import { sha256 } from '../system/hash.ts'
import { isReallyWithin, missingFolders, realPlace } from '../system/places.ts'
import { fingerprint } from '../system/reading.ts'
import { keepBackup, makeFolder, syncFolders, writeAllDurably } from '../system/writing.ts'
import { historyFolder } from './history.ts'
import type { Lock } from './lock.ts'
import { inTheWay } from './preflight.ts'
import { type Entry, foldersOf, stagedIn, type Transaction } from './transaction.ts'

/** What a commit does, by the real places of its files. Refuses what leads out of the project. */
export function planTransaction(
  { root, id, made }: Lock,
  changes: readonly FileChange[],
): Transaction {
  const placeOf = placesIn(root)
  const entries = changes.map((change) => entryOf(root, change, placeOf))
  const folders = entries.flatMap(({ path, after }) => (after === undefined ? [] : dirname(path)))
  const missing = [...new Set(folders)]
    .flatMap((folder) => missingFolders(join(root, folder)))
    .map((folder) => relative(root, folder))
  refuseTwice(entries)
  return { version: 1, id, entries, folders: [...new Set([...made, ...missing])] }
}

/** Where a folder really is, and whether that is in the project; each is looked at once. */
function placesIn(root: string): (folder: string) => Place {
  const known = new Map<string, Place>()
  return (folder) => {
    const place = known.get(folder) ?? placeOf(root, folder)
    known.set(folder, place)
    return place
  }
}

function placeOf(root: string, folder: string): Place {
  const path = realPlace(folder)
  return { path, isWithin: isReallyWithin(root, path) }
}

interface Place {
  readonly path: string
  readonly isWithin: boolean
}

function entryOf(root: string, change: FileChange, placeOf: (folder: string) => Place): Entry {
  const file = join(root, change.path)
  // A file is changed where it is; a deletion takes the name away, be it a link.
  const place =
    change.kind === 'update' ? realPlace(file) : join(placeOf(dirname(file)).path, basename(file))
  if (!placeOf(dirname(place)).isWithin) {
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
  const seen = new Set<string>()
  const twice = entries.map(({ path }) => path).find((path) => seen.size === seen.add(path).size)
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
export async function stage(
  root: string,
  transaction: Transaction,
  changes: readonly FileChange[],
): Promise<void> {
  const staged = stagedIn(root, transaction)
  const written = changes.flatMap((change, index) => {
    const one = staged[index]
    if (one === undefined || change.kind === 'delete') return []
    const like = change.kind === 'update' ? one.target : undefined
    return { file: one.temporary, text: change.after, like }
  })
  for (const folder of new Set(written.map(({ file }) => dirname(file)))) makeFolder(folder)
  await writeAllDurably(written)
  for (const { entry, target, backup } of staged) {
    if (entry.before !== undefined) keepBackup(target, backup)
  }
  await syncFolders(foldersOf(root, transaction))
}
