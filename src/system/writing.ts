import { dirname } from 'node:path'
import fs from 'fs-extra'
import { errorCode } from './disk.ts'

/** Writes a new file and waits until its bytes are on the disk. Fails if the file exists. */
export async function writeDurably(file: string, text: string, mode: number): Promise<void> {
  const handle = await fs.promises.open(file, 'wx', mode)
  try {
    await handle.writeFile(text)
    // What the process masks at creation is put back: an update keeps the mode of its file.
    await handle.chmod(mode)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export function rename(from: string, to: string): void {
  fs.renameSync(from, to)
}

/** A second name for a file, or a copy of it where the file system has no links. */
export function keepBackup(file: string, backup: string): void {
  try {
    fs.linkSync(file, backup)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw error
    fs.copyFileSync(file, backup)
  }
}

/** Removes a file; one that is gone already is fine. */
export function removeFile(file: string): void {
  fs.rmSync(file, { force: true })
}

/** Makes a folder and what is missing above it. Gives the folders it made, the outermost first. */
export function makeFolder(folder: string): readonly string[] {
  if (fs.pathExistsSync(folder)) return []
  const above = makeFolder(dirname(folder))
  fs.mkdirSync(folder)
  return [...above, folder]
}

/** Removes a folder if nothing is in it. Says whether it did; a link to a folder stays. */
export function removeIfEmpty(folder: string): boolean {
  const stats = fs.lstatSync(folder, { throwIfNoEntry: false })
  if (!stats?.isDirectory() || fs.readdirSync(folder).length > 0) return false
  fs.rmdirSync(folder)
  return true
}

/** The file that a path leads to: links are followed, so that a rename replaces their target. */
export function realFile(file: string): string {
  return fs.pathExistsSync(file) ? fs.realpathSync(file) : file
}
