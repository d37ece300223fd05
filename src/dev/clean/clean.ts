import { dirname, join } from 'node:path'
import { exitCodes, UserError } from '../../errors.ts'
import { exists } from '../../system/files.ts'
import { ignoredAmong, trackedAmong } from '../../system/git.ts'
import { realPlace } from '../../system/places.ts'
import { type Entry, entriesBelow, entryAt, removeAll } from '../../system/removing.ts'
import { type Candidate, candidatesOf } from './candidates.ts'
import { reasonByContent, reasonByPlace, type Tracking } from './reasons.ts'

/** Something that can go. */
interface Leftover {
  /** From the root of the project, with `/`. */
  readonly path: string
  readonly kind: Entry['kind']
  readonly bytes: number
}

/** Something that looks like a leftover and stays. */
interface Kept {
  readonly path: string
  readonly reason: string
}

export interface Leftovers {
  readonly found: readonly Leftover[]
  readonly kept: readonly Kept[]
}

/**
 * What builds, tests and tools left in a project: nothing outside of it, nothing behind a link, and
 * in a repository nothing that git tracks or does not ignore.
 * @throws a refusal where git is in use and cannot say what it tracks
 */
export async function findLeftovers(root: string): Promise<Leftovers> {
  const there = candidatesOf(root).filter(({ path }) => entryAt(join(root, path)) !== undefined)
  const apart = there.flatMap(({ path }) => {
    const reason = reasonByPlace(root, path)
    return reason === undefined ? [] : [{ path, reason }]
  })
  const within = there.filter(({ path }) => apart.every((one) => one.path !== path))
  const tracking = within.length === 0 ? undefined : await trackingOf(root, within)
  const judged = within
    .filter((one) => one.certainty !== 'likely' || tracking?.ignored?.includes(one.path))
    .map((candidate) => judge(root, candidate, tracking))
  const found = judged.flatMap((one) => ('bytes' in one ? [one] : []))
  const kept = judged.flatMap((one) => ('reason' in one ? [one] : []))
  return { found: found.filter(isOutermost), kept: [...kept, ...apart.filter(isWorthSaying)] }
}

function judge(
  root: string,
  candidate: Candidate,
  tracking: Tracking | undefined,
): Leftover | Kept {
  const { path } = candidate
  const entries = entriesBelow(join(root, path))
  const reason = reasonByContent(candidate, entries, tracking)
  if (reason !== undefined) return { path, reason }
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  return { path, kind: entries[0]?.kind ?? 'file', bytes }
}

function isOutermost({ path }: Leftover, _at: number, all: readonly Leftover[]): boolean {
  return !all.some((other) => path.startsWith(`${other.path}/`))
}

/** That sources are compiled in place is no news. */
function isWorthSaying({ path }: Kept): boolean {
  return path !== ''
}

async function trackingOf(
  root: string,
  candidates: readonly Candidate[],
): Promise<Tracking | undefined> {
  if (!isBelowGit(realPlace(root))) return undefined
  const paths = candidates.map(({ path }) => path)
  const tracked = await trackedAmong(root, paths)
  if (tracked === undefined) throw gitIsUnclear(root)
  const ignored = await ignoredAmong(root, [...paths, '.'])
  // Of a project that is ignored as a whole, such as one below a repository of dotfiles, git knows
  // nothing.
  const isForeign = ignored.includes('.') && !exists(join(root, '.git'))
  return { tracked, ignored: isForeign ? undefined : ignored }
}

function isBelowGit(folder: string): boolean {
  if (exists(join(folder, '.git'))) return true
  const above = dirname(folder)
  return above !== folder && isBelowGit(above)
}

function gitIsUnclear(root: string): UserError {
  return new UserError({
    code: 'GIT_UNCLEAR',
    message: `git does not say what it tracks in ${root}, and tracked files are never removed.`,
    hint: 'Run git status there, mend what it complains about, then run the command again.',
    exitCode: exitCodes.refused,
  })
}

interface Failure {
  readonly path: string
  readonly message: string
}

export interface Cleaned {
  readonly removed: readonly Leftover[]
  readonly failed: readonly Failure[]
}

/** Removes what was found, each as far as possible, whatever happens to the others. */
export async function removeLeftovers(
  root: string,
  found: readonly Leftover[],
  remove: (path: string) => Promise<void> = removeAll,
): Promise<Cleaned> {
  const removed: Leftover[] = []
  const failed: Failure[] = []
  for (const leftover of found) {
    const { path } = leftover
    try {
      await remove(join(root, path))
      removed.push(leftover)
    } catch (error) {
      failed.push({ path, message: error instanceof Error ? error.message : String(error) })
    }
  }
  return { removed, failed }
}
