import { basename, dirname, join } from 'node:path'
import { RefusedError, UserError } from '../errors.ts'
import type { Disk, FileChange } from '../model/change.ts'
import { errorCode } from '../system/disk.ts'
import {
  keepBackup,
  makeFolder,
  realFile,
  removeFile,
  removeIfEmpty,
  rename,
  writeDurably,
} from '../system/writing.ts'
import { readOnly } from './preflight.ts'

/** One change with the absolute paths it takes. */
interface Staged {
  readonly change: FileChange
  readonly target: string
  /** The new bytes, until they are renamed to the target. */
  readonly temporary: string
  /** The old bytes, until everything is done. */
  readonly backup: string
}

/**
 * Writes a change set: every file to a temporary beside its target, then all renames, then the
 * deletions. Files that changed since they were read are refused; any fault takes back what was
 * done by renames alone, so that the tree is the one before even on a full disk.
 */
export async function commit(
  root: string,
  changes: readonly FileChange[],
  disk: Disk,
): Promise<void> {
  refuseChangedMeanwhile(changes, disk)
  const staged = changes.map((change, index) => stage(root, change, index))
  const folders: string[] = []
  const done: Staged[] = []
  try {
    for (const { change, target } of staged) {
      if (change.kind !== 'delete') folders.push(...makeFolder(dirname(target)))
    }
    await writeTemporaries(staged)
    for (const { change, target, backup } of staged) {
      if (change.kind !== 'create') keepBackup(target, backup)
    }
    for (const item of staged) {
      if (item.change.kind === 'delete') removeFile(item.target)
      else rename(item.temporary, item.target)
      done.push(item)
    }
  } catch (error) {
    throw faultOf(error, root, takeBack(staged, done, folders))
  }
  for (const { backup } of staged) removeFile(backup)
  pruneFolders(root, changes)
}

function stage(root: string, change: FileChange, index: number): Staged {
  const target = realFile(join(root, change.path))
  // A leading dot and a trailing tilde: no watcher, bundler or autoload takes such a file up.
  const beside = (word: string) =>
    join(dirname(target), `.${basename(target)}.${process.pid}-${index}-${word}~`)
  return { change, target, temporary: beside('new'), backup: beside('old') }
}

function refuseChangedMeanwhile(changes: readonly FileChange[], disk: Disk): void {
  const changed = changes.filter((change) => {
    const now = disk.read(change.path)?.sha256
    return now !== (change.kind === 'create' ? undefined : change.before.sha256)
  })
  if (changed.length === 0) return
  throw new RefusedError(
    changed.map(({ path }) => ({
      code: 'CHANGED_MEANWHILE',
      file: path,
      message: `${path} was changed by somebody else while this command was at work.`,
      hint: 'Nothing was written. Run the command again.',
    })),
  )
}

/** All have ended when this ends, also when one fails: none is written after it was taken back. */
async function writeTemporaries(staged: readonly Staged[]): Promise<void> {
  for (const written of await Promise.allSettled(staged.map(writeTemporary))) {
    if (written.status === 'rejected') throw written.reason
  }
}

async function writeTemporary({ change, temporary }: Staged): Promise<void> {
  if (change.kind === 'delete') return
  const mode = change.kind === 'update' ? change.before.mode & 0o777 : 0o644
  await writeDurably(temporary, change.after, mode)
}

/** Gives the backups that could not be put back; each is still there, beside its target. */
function takeBack(
  staged: readonly Staged[],
  done: readonly Staged[],
  folders: readonly string[],
): readonly string[] {
  const stuck = done.toReversed().filter((item) => !tried(() => putBack(item)))
  for (const { temporary, backup } of staged) {
    tried(() => removeFile(temporary))
    if (!stuck.some((item) => item.backup === backup)) tried(() => removeFile(backup))
  }
  for (const folder of folders.toReversed()) tried(() => removeIfEmpty(folder))
  return stuck.map(({ change, target, backup }) => (change.kind === 'create' ? target : backup))
}

function putBack({ change, target, backup }: Staged): void {
  if (change.kind === 'create') removeFile(target)
  else rename(backup, target)
}

function tried(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

function pruneFolders(root: string, changes: readonly FileChange[]): void {
  for (const change of changes) {
    if (change.kind !== 'delete') continue
    let folder = dirname(join(root, change.path))
    while (folder !== root && removeIfEmpty(folder)) folder = dirname(folder)
  }
}

function faultOf(error: unknown, root: string, stuck: readonly string[]): Error {
  const code = errorCode(error)
  const isDenied = code === 'EROFS' || code === 'EACCES' || code === 'EPERM'
  if (isDenied && stuck.length === 0) return new RefusedError([readOnly(root)])
  const reason = error instanceof Error ? error.message : String(error)
  return new UserError({
    code: code ?? 'WRITE_FAILED',
    message: `Writing to ${root} failed: ${reason}`,
    hint:
      stuck.length === 0
        ? 'Everything was taken back; the files are as they were.'
        : `This could not be taken back; look at it before you go on: ${stuck.join(', ')}`,
    cause: error,
  })
}
