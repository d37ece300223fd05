import type { Refusal } from '../model/refusal.ts'
import { hasHistory, sweepRecords } from './history.ts'

/**
 * Finishes what an interrupted command left in a project, and waits for one that is at work. May
 * itself be interrupted anywhere, and repeated. Where nothing was interrupted it costs one look at
 * one folder; where something was it gives a sentence about what it did.
 *
 * @param root the project's root, or the folder of a project that is to be created
 * @param wait how long to wait for another process that writes here, in milliseconds
 * @throws a RefusedError if another process goes on for too long, or if somebody changed a file
 */
export async function recover(root: string, wait?: number): Promise<string | undefined> {
  if (!hasHistory(root)) {
    sweepRecords(root)
    return undefined
  }
  const { recoverNow } = await import('./unfinished.ts')
  return recoverNow(root, wait)
}

/** Why a command that writes nothing cannot tell anything either: a commit is half done here. */
export async function findUnfinished(root: string, wait?: number): Promise<Refusal | undefined> {
  if (!hasHistory(root)) return undefined
  const { unfinishedIn } = await import('./unfinished.ts')
  return unfinishedIn(root, wait)
}
