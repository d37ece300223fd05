import { join } from 'node:path'
import { RefusedError } from '../errors.ts'
import type { Disk, EditedFile, FileChange, Rendered } from '../model/change.ts'
import type { Plan } from '../model/plan.ts'
import { utcStamp } from '../system/clock.ts'
import { readTextIfAny } from '../system/files.ts'
import { sha256 } from '../system/hash.ts'
import { historyFolder, namesInHistory } from './history.ts'
import { printRecord } from './units.ts'

/** A file that a run changed: its text before, and the hash of what the run made of it. */
export interface RunFile {
  readonly path: string
  readonly before?: string
  readonly after?: string
}

/** What a command did on this machine, so that `undo` can take it back. */
export interface PastRun {
  readonly id: string
  readonly command: string
  /** ISO 8601, UTC. */
  readonly time: string
  readonly files: readonly RunFile[]
  readonly edited: readonly EditedFile[]
}

const ending = '.run.json'
const mostKept = 50

/** The ids of the runs that can be taken back, the oldest first. */
function runIds(root: string): readonly string[] {
  return namesInHistory(root)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
}

/**
 * The run of that id; nothing where it is not recorded on this machine.
 * @throws {RefusedError} for a record that is broken
 */
export function readRun(root: string, id: string): PastRun | undefined {
  const text = readTextIfAny(join(root, runPath(id)))
  if (text === undefined) return undefined
  const run = parsed(text)
  if (run !== undefined) return run
  throw new RefusedError([
    {
      code: 'BROKEN_RECORD',
      file: runPath(id),
      message: `${runPath(id)} is not a record that this program wrote.`,
      hint: 'Delete it: that run cannot be taken back, all others can.',
    },
  ])
}

/** The runs that can be read, the oldest first. */
export function readRuns(root: string): readonly PastRun[] {
  return runIds(root).flatMap((id) => parsed(readTextIfAny(join(root, runPath(id))) ?? '') ?? [])
}

function parsed(text: string): PastRun | undefined {
  try {
    const run = JSON.parse(text) as Partial<PastRun> | null
    return Array.isArray(run?.files) && Array.isArray(run.edited) ? (run as PastRun) : undefined
  } catch {
    return undefined
  }
}

/** What a commit changes in the history: its own run comes, the oldest ones go, so does one taken back. */
export function historyChanges(
  plan: Plan,
  rendered: Rendered,
  disk: Disk,
  now: Date,
): readonly FileChange[] {
  const removed = (ids: readonly string[]) => ids.flatMap((id) => removal(runPath(id), disk) ?? [])
  if (plan.undoes !== undefined) return removed([plan.undoes])
  const known = runIds(plan.root)
  const id = freeId(utcStamp(now), known)
  const run: PastRun = {
    id,
    command: plan.command,
    time: now.toISOString(),
    files: rendered.changes.map(fileOf),
    edited: rendered.edited,
  }
  const tooMany = known.slice(0, Math.max(0, known.length + 1 - mostKept))
  return [{ kind: 'create', path: runPath(id), after: printRecord(run) }, ...removed(tooMany)]
}

/** The moment and a number, so that ids sort as they were given. */
function freeId(stamp: string, known: readonly string[]): string {
  const last = known.findLast((id) => id.startsWith(stamp))
  const number = last === undefined ? 1 : Number(last.slice(stamp.length + 1)) + 1
  return `${stamp}-${String(number).padStart(3, '0')}`
}

function runPath(id: string): string {
  return `${historyFolder}/${id}${ending}`
}

function removal(path: string, disk: Disk): FileChange | undefined {
  const before = disk.read(path)
  return before === undefined ? undefined : { kind: 'delete', path, before }
}

function fileOf(change: FileChange): RunFile {
  const { path } = change
  const before = change.kind === 'create' ? {} : { before: change.before.text }
  const after = change.kind === 'delete' ? {} : { after: sha256(change.after) }
  return { path, ...before, ...after }
}
