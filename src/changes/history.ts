import { dirname, join } from 'node:path'
import { errorCode } from '../system/error-code.ts'
import { exists, namesIn } from '../system/files.ts'
import { sha256 } from '../system/hash.ts'
import { fingerprint } from '../system/reading.ts'
import { makeFolder, removeFile, removeIfEmpty, writeDurably } from '../system/writing.ts'
import { recordFolder } from './units.ts'

/** What is of this machine alone: the lock, the journal and what undoing needs. Git ignores it. */
export const historyFolder = `${recordFolder}/history`

const ignoreFile = '.gitignore'
const ignoreAll = '*\n'

/** Whether there may be anything to recover: one look, all that a command pays where there is not. */
export function hasHistory(root: string): boolean {
  return exists(join(root, historyFolder))
}

/** Removes the folder of the records where a process died before it put anything into it. */
export function sweepRecords(root: string): void {
  const folder = join(root, recordFolder)
  if (exists(folder) && namesIn(folder).length === 0) removeIfEmpty(folder)
}

export function namesInHistory(root: string): readonly string[] {
  return namesIn(join(root, historyFolder))
}

/** Makes the folder, and the project's where it is missing. Gives the folders that it made. */
export function makeHistory(root: string): readonly string[] {
  return makeFolder(join(root, historyFolder))
}

/** Keeps the folder out of git, also where nobody else says so. */
export function ignoreHistory(root: string): void {
  const file = join(root, historyFolder, ignoreFile)
  try {
    if (!exists(file)) writeDurably(file, ignoreAll)
  } catch (error) {
    // Another process was faster.
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/**
 * Removes the folder if nothing of worth is in it, and the one above it if that is empty then.
 * Whoever is about to put something in makes it again.
 */
export function sweepHistory(root: string): void {
  const folder = join(root, historyFolder)
  const [name, ...others] = namesInHistory(root)
  if (others.length > 0) return
  if (name === ignoreFile && isOurs(join(folder, name))) removeFile(join(folder, name))
  if (removeIfEmpty(folder)) removeIfEmpty(dirname(folder))
}

/** One that a killed process had only begun to write counts too. */
function isOurs(file: string): boolean {
  return [ignoreAll, ''].map(sha256).includes(fingerprint(file) ?? '')
}
