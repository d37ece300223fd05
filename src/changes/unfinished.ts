import { setTimeout as sleep } from 'node:timers/promises'
import type { Refusal } from '../model/refusal.ts'
import { claimsIn, isClaim, livingClaim } from './claims.ts'
import { faultOf, tried } from './fault.ts'
import { historyFolder, namesInHistory, sweepHistory } from './history.ts'
import { isDraft, isJournal } from './journal.ts'
import { settleLeftovers } from './leftovers.ts'
import { abandon, acquire, locked, patience, release } from './lock.ts'

/** As `recover`, where there is a folder that something may have been left in. */
export async function recoverNow(root: string, wait?: number): Promise<string | undefined> {
  if (!namesInHistory(root).some((name) => isClaim(name) || isJournal(name) || isDraft(name))) {
    tried(() => sweepHistory(root))
    return undefined
  }
  const lock = await acquire(root, wait).catch((error: unknown) => {
    throw faultOf(error, root)
  })
  try {
    return await settleLeftovers(lock)
  } catch (error) {
    throw faultOf(error, root, 'What an interrupted command left is kept. Run the command again.')
  } finally {
    if (!tried(() => release(lock))) abandon(lock)
  }
}

/** As `findUnfinished`, where there is such a folder. Waits for a process that is at work. */
export async function unfinishedIn(root: string, wait = patience): Promise<Refusal | undefined> {
  const until = performance.now() + wait
  for (;;) {
    const rival = await livingClaim(claimsIn(root))
    if (rival === undefined) break
    if (performance.now() >= until) return locked(rival)
    await sleep(25)
  }
  const name = namesInHistory(root).find(isJournal)
  return name === undefined ? undefined : unfinished(name)
}

function unfinished(name: string): Refusal {
  return {
    code: 'UNFINISHED',
    file: `${historyFolder}/${name}`,
    message: 'An earlier command was interrupted while it wrote; some files are new and some old.',
    hint: 'Any command without --dry-run and --check finishes it first.',
  }
}
