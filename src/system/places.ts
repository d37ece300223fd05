import { dirname, relative, sep } from 'node:path'
import fs from 'fs-extra'

export type Kind = 'file' | 'folder' | 'nothing'

/** What is at a path; a link counts as what it leads to. */
export function kindOf(path: string): Kind {
  try {
    return fs.statSync(path).isDirectory() ? 'folder' : 'file'
  } catch {
    return 'nothing'
  }
}

/** The path itself if something is there, else the nearest thing above it. */
export function nearestExisting(path: string): string {
  return kindOf(path) === 'nothing' ? nearestExisting(dirname(path)) : path
}

/** False if the mode bits forbid writing; as the system administrator the system would allow it. */
export function isWritable(path: string): boolean {
  return (fs.statSync(path).mode & 0o222) !== 0
}

/** Whether a path, all links followed, lies in a folder. */
export function isReallyWithin(folder: string, path: string): boolean {
  const way = relative(fs.realpathSync(nearestExisting(folder)), fs.realpathSync(path))
  return way !== '..' && !way.startsWith(`..${sep}`)
}
