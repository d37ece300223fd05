import fs from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { errorCode } from './error-code.ts'

export type Kind = 'file' | 'folder' | 'nothing'

/** What is at a path; a link counts as what it leads to. */
export function kindOf(path: string): Kind {
  try {
    const stats = fs.statSync(path, { throwIfNoEntry: false })
    return stats === undefined ? 'nothing' : stats.isDirectory() ? 'folder' : 'file'
  } catch {
    return 'nothing'
  }
}

/** True for a link that leads to nothing. */
export function isBrokenLink(path: string): boolean {
  return kindOf(path) === 'nothing' && isThere(path)
}

/** The path itself if something is there, be it a broken link, else the nearest thing above it. */
export function nearestExisting(path: string): string {
  return isThere(path) ? path : nearestExisting(dirname(path))
}

/** The folders that are missing on the way to a folder, and itself, the outermost first. */
export function missingFolders(folder: string): readonly string[] {
  const isMissing = fs.statSync(folder, { throwIfNoEntry: false }) === undefined
  return isMissing ? [...missingFolders(dirname(folder)), folder] : []
}

/** The path without links, also where its last parts are not there yet. */
export function realPlace(path: string): string {
  try {
    // An exception for each folder that is missing would take longer than a look.
    const isThere = fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined
    if (isThere) return fs.realpathSync(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  return join(realPlace(dirname(path)), basename(path))
}

/** False if the mode bits forbid writing; as the system administrator the system would allow it. */
export function isWritable(path: string): boolean {
  return (fs.statSync(path).mode & 0o222) !== 0
}

/** Whether a path, all links followed, lies in a folder. */
export function isReallyWithin(folder: string, path: string): boolean {
  const way = relative(realPlace(folder), realPlace(path))
  return way !== '..' && !way.startsWith(`..${sep}`)
}

function isThere(path: string): boolean {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}
