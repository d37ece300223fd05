import { isAbsolute, normalize, posix, sep } from 'node:path'
import { UserError } from '../errors.ts'
import type { Disk, FileChange, FileSnap } from '../model/change.ts'
import { sha256 } from '../system/hash.ts'
import { eolOf, isSameText, withEol, withLf } from '../system/line-endings.ts'

/** Files in memory over files on disk. A write that equals the disk drops out. */
export class ChangeSet {
  readonly #disk: Disk
  readonly #before = new Map<string, FileSnap | undefined>()
  readonly #after = new Map<string, string | undefined>()
  readonly #eols = new Map<string, '\n' | '\r\n' | undefined>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** The text as it stands in this change set, or nothing where there is no such file. */
  read(path: string): string | undefined {
    const key = insideRoot(path)
    return this.#after.has(key) ? this.#after.get(key) : this.#onDisk(key)?.text
  }

  /** Names in a folder on disk. */
  namesIn(folder: string): readonly string[] {
    return this.#disk.namesIn(folder)
  }

  /** The hash of the file on disk, whatever this change set makes of it. */
  onDisk(path: string): string | undefined {
    return this.#onDisk(insideRoot(path))?.sha256
  }

  /** Whether the file comes into being by this change set. */
  isNew(path: string): boolean {
    const key = insideRoot(path)
    return this.#after.get(key) !== undefined && this.#onDisk(key) === undefined
  }

  /** Whether the file on disk has that hash, also with its line endings converted; or is missing. */
  holds(path: string, hash: string | undefined): boolean {
    return isOfHash(this.#onDisk(insideRoot(path)), hash)
  }

  write(path: string, text: string): void {
    const key = insideRoot(path)
    this.#onDisk(key)
    this.#after.set(key, text)
  }

  /**
   * Writes a whole file with the line endings of the one that it replaces, or else of its folder's
   * neighbours. A text that differs in nothing else changes no byte.
   */
  writeText(path: string, text: string): void {
    const key = insideRoot(path)
    const before = this.#onDisk(key)?.text
    const isThere = before !== undefined && isSameText(before, text)
    const eol = (before === undefined ? undefined : eolOf(before)) ?? this.#eolAround(key)
    this.write(key, isThere ? before : withEol(text, eol))
  }

  remove(path: string): void {
    const key = insideRoot(path)
    this.#onDisk(key)
    this.#after.set(key, undefined)
  }

  /** What is going to change, sorted by path. */
  changes(): readonly FileChange[] {
    return [...this.#after.keys()]
      .sort()
      .map((path) => changeOf(path, this.#before.get(path), this.#after.get(path)))
      .filter((change) => change !== undefined)
  }

  /** The line ending in a folder: of a file of the same kind there, or in a folder above. */
  #eolAround(path: string): '\n' | '\r\n' {
    for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
      const eol = this.#eolIn(folder, posix.extname(path))
      if (eol !== undefined || folder === '.') return eol ?? '\n'
    }
  }

  #eolIn(folder: string, extension: string): '\n' | '\r\n' | undefined {
    const key = `${folder} ${extension}`
    if (!this.#eols.has(key)) {
      const isNear = (name: string) =>
        posix.extname(name) === extension || (folder === '.' && name === 'package.json')
      const near = this.#disk.namesIn(folder).filter(isNear)
      this.#eols.set(
        key,
        firstOf(near, (name) => this.#eolAt(posix.join(folder, name))),
      )
    }
    return this.#eols.get(key)
  }

  /** Undefined if it isn't text, or not a file. */
  #eolAt(path: string): '\n' | '\r\n' | undefined {
    try {
      return eolOf(this.#disk.read(path)?.text ?? '')
    } catch {
      return undefined
    }
  }

  #onDisk(path: string): FileSnap | undefined {
    if (!this.#before.has(path)) this.#before.set(path, this.#disk.read(path))
    return this.#before.get(path)
  }
}

function changeOf(
  path: string,
  before: FileSnap | undefined,
  after: string | undefined,
): FileChange | undefined {
  if (after === undefined)
    return before === undefined ? undefined : { kind: 'delete', path, before }
  if (before === undefined) return { kind: 'create', path, after }
  return before.text === after ? undefined : { kind: 'update', path, before, after }
}

/** Whether a file matches a hash, with its own line endings or with LF. Without a hash it must not exist. */
export function isOfHash(snap: FileSnap | undefined, hash: string | undefined): boolean {
  if (snap === undefined || hash === undefined) return snap === hash
  return snap.sha256 === hash || sha256(withLf(snap.text)) === hash
}

/** The first answer that isn't undefined. */
function firstOf<T, R>(list: readonly T[], ask: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const answer = ask(item)
    if (answer !== undefined) return answer
  }
  return undefined
}

function insideRoot(path: string): string {
  const clean = normalize(path).split(sep).join('/')
  if (isAbsolute(path) || clean === '..' || clean.startsWith('../')) {
    throw new UserError({ code: 'UNSAFE_PATH', message: `${path} lies outside the project.` })
  }
  return clean
}
