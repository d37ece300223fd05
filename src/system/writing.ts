import fs from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from './error-code.ts'

/** A file to be made. With `like` it gets that file's mode and, where that is allowed, its owner. */
export interface NewFile {
  readonly file: string
  readonly text: string
  readonly like?: string | undefined
}

/** Writes a new file and waits until its bytes are on the disk. Fails if the file exists. */
export function writeDurably(file: string, text: string): void {
  const handle = create({ file, text })
  try {
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
}

// Some systems let a process have 256 files open, and not all of them are ours.
const mostOpen = 100

/**
 * Writes new files and waits until the bytes of all are on the disk: to wait for all at once takes
 * little longer than for one. Fails if one of them exists.
 */
export async function writeAllDurably(files: readonly NewFile[]): Promise<void> {
  for (let start = 0; start < files.length; start += mostOpen) {
    const handles: number[] = []
    try {
      for (const file of files.slice(start, start + mostOpen)) handles.push(create(file))
      await allOf(handles.map(synced))
    } finally {
      for (const handle of handles) fs.closeSync(handle)
    }
  }
}

/** Gives the open file. */
function create({ file, text, like }: NewFile): number {
  const model = like === undefined ? undefined : fs.statSync(like)
  const mode = model === undefined ? 0o644 : model.mode & 0o777
  const handle = fs.openSync(file, 'wx', mode)
  try {
    fs.writeFileSync(handle, text)
    if (model !== undefined) keepOwner(handle, model)
    // What the process masks at creation is put back: an update keeps the mode of its file.
    fs.fchmodSync(handle, mode)
    return handle
  } catch (error) {
    fs.closeSync(handle)
    throw error
  }
}

function synced(handle: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fsync(handle, (error) => (error ? reject(error) : resolve()))
  })
}

/** Ends when none is at work any more, also where one fails: no handle is closed too early. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(works)) {
    if (end.status === 'rejected') throw end.reason
  }
}

/** The administrator's run leaves a user's file the user's. */
function keepOwner(handle: number, model: fs.Stats): void {
  const own = fs.fstatSync(handle)
  if (own.uid === model.uid && own.gid === model.gid) return
  try {
    fs.fchownSync(handle, model.uid, model.gid)
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error
  }
}

/** Adds to a file, and waits until it is on the disk. */
export function appendDurably(file: string, text: string): void {
  const handle = fs.openSync(file, 'a')
  try {
    fs.writeFileSync(handle, text)
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
}

export function rename(from: string, to: string): void {
  fs.renameSync(from, to)
}

// Folders that may not be read, and systems that cannot sync a folder: there is nothing to wait for.
const cannotSync = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES', 'ENOENT'])

/** Waits until the names in a folder are on the disk, where the system can do that. */
export function syncFolder(folder: string): void {
  try {
    sync(folder)
  } catch (error) {
    if (!cannotSync.has(errorCode(error) ?? '')) throw error
  }
}

/** The same for several folders at once. */
export function syncFolders(folders: readonly string[]): Promise<void> {
  return allOf(folders.map(syncedFolder))
}

async function syncedFolder(folder: string): Promise<void> {
  try {
    const handle = fs.openSync(folder, 'r')
    await synced(handle).finally(() => fs.closeSync(handle))
  } catch (error) {
    if (!cannotSync.has(errorCode(error) ?? '')) throw error
  }
}

function sync(path: string): void {
  const handle = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
}

/** A second name for a file, or a copy of it where the file system has no links. */
export function keepBackup(file: string, backup: string): void {
  try {
    fs.linkSync(file, backup)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw error
    fs.copyFileSync(file, backup, fs.constants.COPYFILE_EXCL)
    sync(backup)
  }
}

/** Removes a file or a link; one that is gone already is fine. */
export function removeFile(file: string): void {
  try {
    // Most are gone, and an exception takes longer than a look.
    if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined) fs.unlinkSync(file)
  } catch (error) {
    const code = errorCode(error)
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
  }
}

/** Makes a folder and what is missing above it. Gives the folders it made, the outermost first. */
export function makeFolder(folder: string): readonly string[] {
  if (fs.existsSync(folder)) return []
  const above = makeFolder(dirname(folder))
  try {
    fs.mkdirSync(folder)
    return [...above, folder]
  } catch (error) {
    // Another process was faster.
    if (errorCode(error) === 'EEXIST' && fs.statSync(folder).isDirectory()) return above
    for (const made of above.toReversed()) removeIfEmpty(made)
    throw error
  }
}

const staysThere = new Set(
  ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].concat(['EACCES', 'EPERM', 'EBUSY', 'EROFS']),
)

/** Removes a folder if nothing is in it. Says whether it did; a link to a folder stays. */
export function removeIfEmpty(folder: string): boolean {
  try {
    fs.rmdirSync(folder)
    return true
  } catch (error) {
    if (!staysThere.has(errorCode(error) ?? '')) throw error
    return false
  }
}
