import { join } from 'node:path'
import { isRunning, type ProcessIdentity, thisHost } from '../system/liveness.ts'
import { readFleeting } from '../system/reading.ts'
import { historyFolder, namesInHistory } from './history.ts'
import { parseTransaction, type Transaction } from './transaction.ts'

/** A file by which a process says that it is about to write to a project, and what. */
export interface Claim {
  /** `<pid>-<id>.lock`: who it is stands in the name, so that no moment is without it. */
  readonly name: string
  readonly pid: number
  readonly id: string
  /** Nothing where the process had only begun to write it. */
  readonly head?: ClaimHead
  /** Milliseconds. */
  readonly age: number
  /** What it is going to do; nothing until it knows. */
  readonly transaction?: Transaction
}

/** The first line of the file; the transaction is the second. */
export interface ClaimHead extends ProcessIdentity {
  /** As `made` of a lock. */
  readonly made: readonly string[]
}

/** Those of this process that it still works under. */
export const held = new Set<string>()

// A commit takes a moment; whoever cannot be asked whether it lives gets this long.
const longest = 10 * 60 * 1000

export function claimName(id: string): string {
  return `${process.pid}-${id}.lock`
}

export function isClaim(name: string): boolean {
  return /^\d+-[0-9a-f]+\.lock$/.test(name)
}

export function claimsIn(root: string): readonly Claim[] {
  return namesInHistory(root)
    .filter(isClaim)
    .flatMap((name) => readClaim(root, name) ?? [])
}

function readClaim(root: string, name: string): Claim | undefined {
  const file = readFleeting(join(root, historyFolder, name))
  if (file === undefined) return undefined
  const [pid = '', id = ''] = name.split(/[-.]/)
  const [first = '', second = ''] = file.text.split('\n')
  const head = parseHead(first)
  const transaction = parseTransaction(root, second)
  return {
    name,
    pid: Number(pid),
    id,
    age: file.age,
    ...(head === undefined ? {} : { head }),
    ...(transaction === undefined ? {} : { transaction }),
  }
}

function parseHead(line: string): ClaimHead | undefined {
  try {
    const head: ClaimHead = JSON.parse(line)
    return typeof head.host === 'string' && Array.isArray(head.made) ? head : undefined
  } catch {
    return undefined
  }
}

/** The first claim of a process that may still be at work, but for the one that is named. */
export async function livingClaim(
  claims: readonly Claim[],
  except?: string,
): Promise<Claim | undefined> {
  for (const claim of claims) {
    if (claim.name !== except && (await isLiving(claim))) return claim
  }
  return undefined
}

async function isLiving({ name, pid, head, age }: Claim): Promise<boolean> {
  if (held.has(name)) return true
  if (head !== undefined && head.host !== thisHost()) return age < longest
  // A claim of this process that it does not hold is of a run that could not clean up.
  if (pid === process.pid) return false
  return head === undefined ? age < longest && isRunning({ pid }) : isRunning(head)
}
