import { randomBytes } from 'node:crypto'
import { join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RefusedError } from '../errors.ts'
import type { Refusal } from '../model/refusal.ts'
import { errorCode } from '../system/error-code.ts'
import { thisHost, thisProcess } from '../system/liveness.ts'
import { realPlace } from '../system/places.ts'
import {
  appendDurably,
  removeFile,
  removeIfEmpty,
  syncFolder,
  writeDurably,
} from '../system/writing.ts'
import { type Claim, claimName, claimsIn, held, livingClaim } from './claims.ts'
import { historyFolder, ignoreHistory, makeHistory, sweepHistory } from './history.ts'
import type { Transaction } from './transaction.ts'

/** How long to wait for another process, in milliseconds; a commit takes a few dozen. */
export const patience = 5000

/** The right to write to a project. */
export interface Lock {
  /** The project's root: absolute, without links. */
  readonly root: string
  readonly id: string
  /** Folders made for the lock, the outermost first, from the root; `..` where the root is made too. */
  readonly made: readonly string[]
  /** What processes left behind that are dead. */
  readonly dead: readonly Claim[]
}

/**
 * Waits until nobody else writes to the project. Every process puts a claim of its own name there
 * first and looks for those of others then, so that of two at least one sees the other and steps
 * back; a claim is never taken over, so none of the living is removed by mistake.
 * @throws a RefusedError if another process goes on for too long
 */
export async function acquire(folder: string, wait = patience): Promise<Lock> {
  const until = performance.now() + wait
  const made = new Set<string>()
  try {
    for (;;) {
      const rival = (await livingClaim(claimsIn(folder))) ?? (await claim(folder, made))
      if (rival !== undefined && 'root' in rival) return rival
      if (performance.now() >= until) throw new RefusedError([locked(rival)])
      // A random while, so that two that met do not meet again.
      await sleep(10 + Math.random() * 40)
    }
  } catch (error) {
    sweepHistory(folder)
    removeFolders(folder, [...made])
    throw error
  }
}

/** The lock; or who stood in the way; or nothing if the folder was swept away meanwhile. */
async function claim(folder: string, made: Set<string>): Promise<Lock | Claim | undefined> {
  for (const path of makeHistory(folder)) made.add(relative(folder, path) || '.')
  const lock = {
    root: realPlace(folder),
    id: randomBytes(4).toString('hex'),
    made: [...made],
  }
  try {
    await putClaim(lock)
    const name = claimName(lock.id)
    const claims = claimsIn(lock.root)
    const rival = await livingClaim(claims, name)
    if (rival === undefined && claims.some((one) => one.name === name)) {
      return { ...lock, dead: claims.filter((one) => one.name !== name) }
    }
    withdraw(lock)
    return rival
  } catch (error) {
    withdraw(lock)
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function putClaim(lock: Omit<Lock, 'dead'>): Promise<void> {
  const head = { ...(await thisProcess()), made: lock.made }
  held.add(claimName(lock.id))
  writeDurably(claimFile(lock), `${JSON.stringify(head)}\n`)
  ignoreHistory(lock.root)
}

/** Tells what is going to be made, so that it can be found whenever this process dies. */
export function announce(lock: Lock, transaction: Transaction): void {
  appendDurably(claimFile(lock), `${JSON.stringify(transaction)}\n`)
  syncFolder(join(lock.root, historyFolder))
}

/** Gives the right back, and takes away the folders that nothing was put into. */
export function release(lock: Lock): void {
  withdraw(lock)
  sweepHistory(lock.root)
  for (const { head } of lock.dead) removeFolders(lock.root, head?.made ?? [])
  removeFolders(lock.root, lock.made)
}

/** What is left then counts as left by a dead process. */
export function abandon({ id }: Lock): void {
  held.delete(claimName(id))
}

function withdraw(lock: Omit<Lock, 'dead'>): void {
  try {
    removeFile(claimFile(lock))
  } finally {
    held.delete(claimName(lock.id))
  }
}

function claimFile({ root, id }: Omit<Lock, 'dead'>): string {
  return join(root, historyFolder, claimName(id))
}

/** Removes those of some folders that are empty, the innermost first. */
export function removeFolders(root: string, folders: readonly string[]): void {
  const paths = folders.map((folder) => resolve(root, folder))
  for (const path of paths.sort((a, b) => b.length - a.length)) removeIfEmpty(path)
}

/** Why a command has to wait, or to give up: somebody else is at work. */
export function locked(rival: Claim | undefined): Refusal {
  const file = rival === undefined ? undefined : `${historyFolder}/${rival.name}`
  const who = rival === undefined ? '' : ` (process ${rival.pid}${hostOf(rival)})`
  return {
    code: 'LOCKED',
    ...(file === undefined ? {} : { file }),
    message: `Another command${who} is writing to this project.`,
    hint:
      file === undefined
        ? 'Run the command again.'
        : `Run the command again when it has ended. If it no longer runs, delete ${file} first.`,
  }
}

function hostOf({ head }: Claim): string {
  return head === undefined || head.host === thisHost() ? '' : ` on ${head.host}`
}
