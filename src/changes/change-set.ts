import { isAbsolute, normalize, sep } from 'node:path'
import { UserError } from '../errors.ts'
import type { Disk, FileChange, FileSnap } from '../model/change.ts'

/** Files in memory over files on disk. A write that equals the disk drops out. */
export class ChangeSet {
  readonly #disk: Disk
  readonly #before = new Map<string, FileSnap | undefined>()
  readonly #after = new Map<string, string | undefined>()

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

  write(path: string, text: string): void {
    const key = insideRoot(path)
    this.#onDisk(key)
    this.#after.set(key, text)
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

function insideRoot(path: string): string {
  const clean = normalize(path).split(sep).join('/')
  if (isAbsolute(path) || clean === '..' || clean.startsWith('../')) {
    throw new UserError({ code: 'UNSAFE_PATH', message: `${path} lies outside the project.` })
  }
  return clean
}
