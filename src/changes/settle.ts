import { dirname } from 'node:path'
import { fingerprint } from '../system/reading.ts'
import { removeFile, removeIfEmpty, rename, syncFolders } from '../system/writing.ts'
import { type Direction, removeDraft, removeJournal } from './journal.ts'
import { removeFolders } from './lock.ts'
import { foldersOf, type Staged, stagedIn, type Transaction } from './transaction.ts'

/**
 * How one file stands: as it shall be, or somebody decided otherwise; still to be moved; neither
 * old nor new, with the other side still there; or what it should become is gone.
 */
export type Finding = 'settled' | 'pending' | 'foreign' | 'lost'

export function examine(staged: Staged, direction: Direction): Finding {
  const { wanted, given, source, kept } = sidesOf(staged, direction)
  const now = fingerprint(staged.target)
  if (now === wanted) return 'settled'
  // Whoever removed our side of a file that he changed has chosen his.
  if (now !== given) return fingerprint(kept) === undefined ? 'settled' : 'foreign'
  return wanted === undefined || fingerprint(source) === wanted ? 'pending' : 'lost'
}

/** The file that holds our side, where somebody else changed the target. */
export function sideOf(staged: Staged, direction: Direction): string {
  return sidesOf(staged, direction).kept
}

function sidesOf({ entry, temporary, backup }: Staged, direction: Direction) {
  const [wanted, given, source, other] =
    direction === 'forward'
      ? [entry.after, entry.before, temporary, backup]
      : [entry.before, entry.after, backup, temporary]
  return { wanted, given, source, kept: wanted === undefined ? other : source }
}

export function move(staged: Staged, direction: Direction): void {
  const { wanted, source } = sidesOf(staged, direction)
  if (wanted === undefined) removeFile(staged.target)
  else rename(source, staged.target)
}

/** Waits until all moves are on the disk, and forgets the journal. */
export async function conclude(
  root: string,
  transaction: Transaction,
  direction: Direction,
): Promise<void> {
  await syncFolders(foldersOf(root, transaction))
  removeJournal(root, direction)
}

/** Removes what a transaction that is settled, or never began, leaves; as often as one likes. */
export function clear(root: string, transaction: Transaction): void {
  const staged = stagedIn(root, transaction)
  for (const { temporary, backup } of staged) {
    removeFile(temporary)
    removeFile(backup)
  }
  removeDraft(root, transaction.id)
  removeFolders(root, transaction.folders)
  for (const { entry, target } of staged) {
    if (entry.after === undefined) pruneAbove(root, target)
  }
}

function pruneAbove(root: string, file: string): void {
  let folder = dirname(file)
  while (folder !== root && removeIfEmpty(folder)) folder = dirname(folder)
}
