import fs from 'node:fs'
import { join } from 'node:path'
import { RefusedError, UserError } from '../errors.ts'
import type { Disk, FileSnap } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import { errorCode } from './error-code.ts'
import { namesIn } from './files.ts'
import { sha256 } from './hash.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const nothingThere = new Set(['ENOENT', 'ENOTDIR'])

/** The project's files below an absolute root. */
export function diskAt(root: string): Disk {
  return {
    read: (path) => snapshot(root, path),
    namesIn: (folder) => namesIn(join(root, folder)),
  }
}

function snapshot(root: string, path: string): FileSnap | undefined {
  const file = join(root, path)
  try {
    const stats = fs.statSync(file, { throwIfNoEntry: false })
    if (stats === undefined) return undefined
    const bytes = fs.readFileSync(file)
    return { path, text: decode(path, bytes), sha256: sha256(bytes), mode: stats.mode }
  } catch (error) {
    if (nothingThere.has(errorCode(error) ?? '')) return undefined
    if (errorCode(error) === 'EISDIR') throw new RefusedError([folderAt(path)])
    if (error instanceof UserError) throw error
    throw new UserError({
      code: 'UNREADABLE',
      message: `${file} cannot be read (${errorCode(error) ?? String(error)}).`,
      hint: 'Nothing was written. Check the path and its permissions.',
      cause: error,
    })
  }
}

function folderAt(path: string): Refusal {
  return {
    code: 'FILE_EXISTS',
    file: path,
    message: `${path} is a folder, not a file.`,
    hint: 'Move it away, then run the command again.',
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new RefusedError([
      {
        code: 'NOT_UTF8',
        file: path,
        message: `${path} is not UTF-8 text.`,
        hint: 'Convert the file to UTF-8, then run the command again.',
      },
    ])
  }
}
