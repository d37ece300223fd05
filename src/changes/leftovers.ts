import { join } from 'node:path'
import { RefusedError } from '../errors.ts'
import type { Refusal } from '../model/refusal.ts'
import { removeFile, syncFolder } from '../system/writing.ts'
import { historyFolder, namesInHistory } from './history.ts'
import { type Direction, isDraft, type Journal, journalPath, readJournal } from './journal.ts'
import type { Lock } from './lock.ts'
import { clear, conclude, examine, type Finding, move, sideOf } from './settle.ts'
import { type Staged, stagedIn } from './transaction.ts'

/**
 * Goes on where a dead process stopped: to the end of its journal, and removes what others left
 * that came to none. Gives a sentence about it if there was anything.
 * @throws a RefusedError if somebody changed a file meanwhile; everything is kept then
 */
export async function settleLeftovers({ root, dead }: Lock): Promise<string | undefined> {
  const journal = readJournal(root)
  if (journal !== undefined) await finish(root, journal)
  for (const { transaction } of dead) {
    if (transaction !== undefined) clear(root, transaction)
  }
  const claims = dead.map(({ name }) => name)
  const drafts = namesInHistory(root).filter(isDraft)
  for (const name of [...drafts, ...claims]) removeFile(join(root, historyFolder, name))
  if (journal !== undefined) return sentences[journal.direction]
  return dead.length === 0 ? undefined : sentences.none
}

const sentences = {
  forward: 'An earlier command was interrupted while it wrote; it has now been finished.',
  back: 'An earlier command failed while it wrote; what it had done has now been taken back.',
  none: 'An earlier command was interrupted before it wrote; what it left has been removed.',
} as const

async function finish(root: string, { transaction, direction }: Journal): Promise<void> {
  const findings = stagedIn(root, transaction).map((staged) => ({
    staged,
    finding: examine(staged, direction),
  }))
  const refusals = findings.flatMap(
    ({ staged, finding }) => refusalOf(staged, finding, direction) ?? [],
  )
  if (refusals.length > 0) throw new RefusedError(refusals)
  for (const { staged, finding } of findings) {
    if (finding === 'pending') move(staged, direction)
  }
  await conclude(root, transaction, direction)
  syncFolder(join(root, historyFolder))
  clear(root, transaction)
}

function refusalOf(staged: Staged, finding: Finding, direction: Direction): Refusal | undefined {
  if (finding === 'foreign') return foreign(staged, direction)
  return finding === 'lost' ? lost(staged, direction) : undefined
}

function foreign(staged: Staged, direction: Direction): Refusal {
  const { entry, target } = staged
  const side = sideOf(staged, direction)
  const isRemoval = (direction === 'forward' ? entry.after : entry.before) === undefined
  const take = isRemoval ? `delete ${target} too` : `move ${side} over ${target}`
  return {
    code: 'UNFINISHED',
    file: entry.path,
    message: `${entry.path} was changed after a command that wrote it was interrupted. Both are kept:`,
    candidates: [target, side],
    hint: `To keep yours, delete ${side}; to go on with the command's, ${take}. Then run the command again.`,
  }
}

function lost({ entry, target }: Staged, direction: Direction): Refusal {
  return {
    code: 'UNFINISHED',
    file: entry.path,
    message: `A command was interrupted while it wrote, and its text for ${entry.path} is gone.`,
    candidates: [target],
    hint: `Restore the files as you want them, delete ${journalPath(direction)}, then run the command again.`,
  }
}
