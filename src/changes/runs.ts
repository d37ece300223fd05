import { join } from 'node:path'
import type { Disk, EditedFile, FileChange, Rendered } from '../model/change.ts'
import type { Plan } from '../model/plan.ts'
import { utcStamp } from '../system/clock.ts'
import { readTextIfAny } from '../system/files.ts'
import { sha256 } from '../system/hash.ts'
import { historyFolder, namesInHistory } from './history.ts'
import { parseRecord, printRecord } from './units.ts'

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
export function runIds(root: string): readonly string[] {
  return namesInHistory(root)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
}

/** The run of that id; nothing where it is not recorded on this machine. */
export function readRun(root: string, id: string): PastRun | undefined {
  const path = runPath(id)
  const text = readTextIfAny(join(root, path))
  return text === undefined ? undefined : parseRecord<PastRun>(path, text)
}

/** What a commit changes in the history: its own run comes, the oldest ones go, so does one taken back. */
export function historyChanges(
  plan: Plan,
  rendered: Rendered,
  disk: Disk,
  now: Date,
): readonly FileChange[] {
  const known = runIds(plan.root)
  const gone = [
    ...(plan.undoes === undefined ? [] : [plan.undoes]),
    ...known.slice(0, Math.max(0, known.length + 1 - mostKept)),
  ]
  const removals = gone.flatMap((id) => removal(runPath(id), disk) ?? [])
  if (plan.undoes !== undefined) return removals
  const id = freeId(utcStamp(now), known)
  const run: PastRun = {
    id,
    command: plan.command,
    time: now.toISOString(),
    files: rendered.changes.map(fileOf),
    edited: rendered.edited,
  }
  return [{ kind: 'create', path: runPath(id), after: printRecord(run) }, ...removals]
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
