import fs from 'node:fs'
import { errorCode } from './error-code.ts'
import { sha256 } from './hash.ts'

const nothingThere = new Set(['ENOENT', 'ENOTDIR'])

/**
 * The SHA-256 of a file's bytes, nothing where there is no file. Whatever else is there, a folder
 * or a link that leads to nothing, gives a word that is no hash.
 */
export function fingerprint(file: string): string | undefined {
  try {
    // Where nothing is, this look is quicker than an exception.
    if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined
    return sha256(fs.readFileSync(file))
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code === 'EISDIR') return 'folder'
    if (!nothingThere.has(code)) throw error
    return fs.lstatSync(file, { throwIfNoEntry: false }) === undefined ? undefined : 'broken link'
  }
}

/** A file that somebody else may remove at any moment: its text and its age in milliseconds. */
export function readFleeting(file: string): { text: string; age: number } | undefined {
  try {
    const { mtimeMs } = fs.statSync(file)
    return { text: fs.readFileSync(file, 'utf8'), age: Date.now() - mtimeMs }
  } catch (error) {
    if (nothingThere.has(errorCode(error) ?? '')) return undefined
    throw error
  }
}
