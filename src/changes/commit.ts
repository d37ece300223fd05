import { join } from 'node:path'
import type { FileChange } from '../model/change.ts'
import { syncFolder } from '../system/writing.ts'
import { faultOf, tried } from './fault.ts'
import { historyFolder } from './history.ts'
import { journalPath, turnJournal, writeJournal } from './journal.ts'
import { settleLeftovers } from './leftovers.ts'
import { abandon, acquire, announce, type Lock, release } from './lock.ts'
import { clear, conclude, examine, move } from './settle.ts'
import { planTransaction, refuseChanged, stage } from './staging.ts'
import { type Staged, stagedIn, type Transaction } from './transaction.ts'

/**
 * Writes a change set, all of it or nothing, whenever this process dies or fails:
 *
 * 1. a claim (`lock.ts`) says who writes, and every temporary and folder that is going to be made;
 * 2. every file is compared with what was read when the change was planned;
 * 3. the new bytes go to a temporary beside each file, the old ones get a second name there, and
 *    all of it is synced, names too;
 * 4. the journal comes into being by a rename, and its folder is synced: **the commit point**;
 * 5. the temporaries are renamed to their targets, deletions happen, the folders are synced;
 * 6. the journal goes, then the second names, then the claim.
 *
 * A process that dies before 4 leaves the old tree and a claim by which the next command finds all
 * that has to go; one that dies after it leaves a journal, which the next command finishes
 * (`recovery.ts`). A fault after 4 turns the journal round: renames alone then put the old bytes
 * back, also on a full disk, and also when the process dies over that.
 *
 * @param wait how long to wait for another process that writes here, in milliseconds
 * @throws a RefusedError if somebody changed a file, works here, or nothing may be written
 */
export async function commit(
  root: string,
  changes: readonly FileChange[],
  wait?: number,
): Promise<void> {
  const lock = await acquire(root, wait).catch((error: unknown) => {
    throw faultOf(error, root)
  })
  let transaction: Transaction | undefined
  try {
    await settleLeftovers(lock)
    const planned = planTransaction(lock, changes)
    refuseChanged(lock.root, planned)
    transaction = planned
    await carryOut(lock, planned, changes)
  } catch (error) {
    const stuck = transaction === undefined ? [] : await takeBack(lock.root, transaction)
    if (stuck.length === 0) throw faultOf(error, root)
    // What could not be put back is still needed.
    transaction = undefined
    throw faultOf(error, root, `The next command tries to take this back: ${stuck.join(', ')}`)
  } finally {
    tidyUp(lock, transaction)
  }
}

async function carryOut(
  lock: Lock,
  transaction: Transaction,
  changes: readonly FileChange[],
): Promise<void> {
  announce(lock, transaction)
  await stage(lock.root, transaction, changes)
  refuseChanged(lock.root, transaction)
  writeJournal(lock.root, transaction)
  for (const staged of stagedIn(lock.root, transaction)) move(staged, 'forward')
  await conclude(lock.root, transaction, 'forward')
}

/** Gives what could not be put back; the next command tries again. */
async function takeBack(root: string, transaction: Transaction): Promise<readonly string[]> {
  try {
    if (!turnJournal(root)) return []
  } catch {
    return [join(root, journalPath('forward'))]
  }
  const stuck = stagedIn(root, transaction).filter((staged) => !tried(() => putBack(staged)))
  // What cannot be synced is recovered by the journal, which stays.
  if (stuck.length === 0) await conclude(root, transaction, 'back').catch(() => undefined)
  return stuck.map(({ entry, target, backup }) => (entry.before === undefined ? target : backup))
}

function putBack(staged: Staged): void {
  const finding = examine(staged, 'back')
  if (finding === 'pending') move(staged, 'back')
  else if (finding !== 'settled') throw new Error(`${staged.target} is not what was written there`)
}

/** What fails here is for the next command: the tree is the old one or the new one by now. */
function tidyUp(lock: Lock, transaction: Transaction | undefined): void {
  tried(() => syncFolder(join(lock.root, historyFolder)))
  const isTidy = tried(() => {
    if (transaction !== undefined) clear(lock.root, transaction)
    release(lock)
  })
  if (!isTidy) abandon(lock)
}
