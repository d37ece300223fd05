import { join } from 'node:path'
import { RefusedError } from '../errors.ts'
import type { Disk, EditedFile, FileChange, Rendered } from '../model/change.ts'
import type { Plan } from '../model/plan.ts'
import { utcStamp } from '../system/clock.ts'
import { exists, readTextIfAny } from '../system/files.ts'
import { sha256 } from '../system/hash.ts'
import { historyFolder, namesInHistory } from './history.ts'
import { formerPath, presentPath, printRecord, type RecordText, readRecord } from './units.ts'

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

const ending = '.run'
const isRun = /\.run(\.json)?$/
const mostKept = 50

/** The ids of the runs that can be taken back, the oldest first. */
function runIds(root: string): readonly string[] {
  const ids = namesInHistory(root)
    .filter((name) => isRun.test(name))
    .map((name) => name.replace(isRun, ''))
  return [...new Set(ids)]
}

/**
 * The run of that id; nothing where it is not recorded on this machine.
 * @throws {RefusedError} for a record that is broken
 */
export function readRun(root: string, id: string): PastRun | undefined {
  const record = runRecord(root, id)
  if (record === undefined) return undefined
  const run = parsed(root, record.text)
  if (run !== undefined) return run
  const { path } = record
  throw new RefusedError([
    {
      code: 'BROKEN_RECORD',
      file: path,
      message: `${path} is not a record that this program wrote.`,
      hint: 'Delete it: that run cannot be taken back, all others can.',
    },
  ])
}

/** The runs that can be read, the oldest first. */
export function readRuns(root: string): readonly PastRun[] {
  return runIds(root).flatMap((id) => parsed(root, runRecord(root, id)?.text ?? '') ?? [])
}

function runRecord(root: string, id: string): RecordText | undefined {
  return readRecord(runPath(id), (path) => readTextIfAny(join(root, path)))
}

function parsed(root: string, text: string): PastRun | undefined {
  try {
    const run = JSON.parse(text) as Partial<PastRun> | null
    if (!Array.isArray(run?.files) || !Array.isArray(run.edited)) return undefined
    const { files } = run as PastRun
    return {
      ...(run as PastRun),
      files: files.map((file) => ({ ...file, path: nowAt(root, file.path) })),
    }
  } catch {
    return undefined
  }
}

/** Where a file of a run is: a later one may have renamed a record. */
function nowAt(root: string, path: string): string {
  const present = presentPath(path)
  return present === undefined || exists(join(root, path)) ? path : present
}

/** What a commit changes in the history: its own run comes, the oldest ones go, so does one taken back. */
export function historyChanges(
  plan: Plan,
  rendered: Rendered,
  disk: Disk,
  now: Date,
): readonly FileChange[] {
  const removed = (ids: readonly string[]) =>
    ids.flatMap((id) =>
      [runPath(id), formerPath(runPath(id))].flatMap((path) => removal(path, disk) ?? []),
    )
  if (plan.undoes !== undefined) return removed([plan.undoes])
  const known = runIds(plan.root)
  const id = freeId(utcStamp(now), known)
  const run: PastRun = {
    id,
    command: plan.command,
    time: now.toISOString(),
    files: filesOf(rendered.changes),
    edited: rendered.edited,
  }
  const tooMany = known.slice(0, Math.max(0, known.length + 1 - mostKept))
  return [
    { kind: 'create', path: runPath(id), after: printRecord(run) },
    ...removed(tooMany),
    ...renamed(
      known.filter((one) => !tooMany.includes(one)),
      disk,
    ),
  ]
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

/** Runs of earlier versions, under their present names. */
function renamed(ids: readonly string[], disk: Disk): readonly FileChange[] {
  return ids.flatMap((id): readonly FileChange[] => {
    const before = disk.read(formerPath(runPath(id)))
    if (before === undefined) return []
    return [
      { kind: 'create', path: runPath(id), after: before.text },
      { kind: 'delete', path: before.path, before },
    ]
  })
}

function removal(path: string, disk: Disk): FileChange | undefined {
  const before = disk.read(path)
  return before === undefined ? undefined : { kind: 'delete', path, before }
}

/** A record that was renamed counts as one that changed. */
function filesOf(changes: readonly FileChange[]): readonly RunFile[] {
  const made = new Set(changes.filter(({ kind }) => kind !== 'delete').map(({ path }) => path))
  const isRenamed = ({ path }: FileChange) => made.has(presentPath(path) ?? '')
  const former = new Map(
    changes.filter(isRenamed).map((change) => [presentPath(change.path), change]),
  )
  return changes
    .filter((change) => !isRenamed(change))
    .map((change) => fileOf(change, former.get(change.path)))
}

function fileOf(change: FileChange, former = change): RunFile {
  const { path } = change
  const before = former.kind === 'create' ? {} : { before: former.before.text }
  const after = change.kind === 'delete' ? {} : { after: sha256(change.after) }
  return { path, ...before, ...after }
}
