import fs from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from './error-code.ts'

/**
 * Writes a new file and waits until its bytes are on the disk. Fails if the file exists. With
 * `like` it gets that file's mode and, where that is allowed, its owner.
 */
export function writeDurably(file: string, text: string, like?: string): void {
  const model = like === undefined ? undefined : fs.statSync(like)
  const mode = model === undefined ? 0o644 : model.mode & 0o777
  const handle = fs.openSync(file, 'wx', mode)
  try {
    fs.writeFileSync(handle, text)
    if (model !== undefined) keepOwner(handle, model)
    // What the process masks at creation is put back: an update keeps the mode of its file.
    fs.fchmodSync(handle, mode)
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
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
    fs.unlinkSync(file)
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
