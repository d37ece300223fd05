import { basename, dirname, join } from 'node:path'
import { RefusedError, UserError } from '../errors.ts'
import type { Disk, FileChange } from '../model/change.ts'
import { errorCode } from '../system/disk.ts'
import {
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
  readonly temporary: string
}

/**
 * Writes a change set: every file to a temporary beside its target, then all renames, then the
 * deletions. Files that changed since they were read are refused; any fault takes back what was
 * done, so that the tree is the one before.
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
    for (const item of staged) {
      if (item.change.kind !== 'delete') folders.push(...makeFolder(dirname(item.target)))
    }
    await writeTemporaries(staged)
    for (const item of staged) {
      if (item.change.kind === 'delete') removeFile(item.target)
      else rename(item.temporary, item.target)
      done.push(item)
    }
  } catch (error) {
    await takeBack(staged, done, folders)
    throw faultOf(error, root)
  }
  pruneFolders(root, changes)
}

function stage(root: string, change: FileChange, index: number): Staged {
  const target = realFile(join(root, change.path))
  // A leading dot and a trailing tilde: no watcher, bundler or autoload takes such a file up.
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}-${index}~`)
  return { change, target, temporary }
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

async function takeBack(
  staged: readonly Staged[],
  done: readonly Staged[],
  folders: readonly string[],
): Promise<void> {
  for (const { temporary } of staged) removeFile(temporary)
  for (const { change, target } of done) {
    removeFile(target)
    if (change.kind !== 'create') {
      await writeDurably(target, change.before.text, change.before.mode & 0o777)
    }
  }
  for (const folder of folders.toReversed()) removeIfEmpty(folder)
}

function pruneFolders(root: string, changes: readonly FileChange[]): void {
  for (const change of changes) {
    if (change.kind !== 'delete') continue
    let folder = dirname(join(root, change.path))
    while (folder !== root && removeIfEmpty(folder)) folder = dirname(folder)
  }
}

function faultOf(error: unknown, root: string): Error {
  const code = errorCode(error)
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new RefusedError([readOnly(root)])
  }
  return new UserError({
    code: code ?? 'WRITE_FAILED',
    message: `Writing to ${root} failed${code === undefined ? '' : ` (${code})`}: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Everything was taken back; the files are as they were.',
    cause: error,
  })
}
