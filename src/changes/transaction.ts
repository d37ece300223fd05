import { basename, dirname, join, normalize, sep } from 'node:path'
import { RefusedError } from '../errors.ts'
import { isReallyWithin } from '../system/places.ts'

/** One file of a commit. Hashes are hex SHA-256; a missing one stands for no file. */
export interface Entry {
  /** From the project's root, with `/`; no part of it is a link but, for a deletion, the last. */
  readonly path: string
  readonly before?: string
  readonly after?: string
}

/** All that one commit is going to do, as its lock and its journal record it. */
export interface Transaction {
  readonly version: 1
  readonly id: string
  readonly entries: readonly Entry[]
  /** Folders that it makes, the outermost first, from the root; `..` where the root is made too. */
  readonly folders: readonly string[]
}

/** An entry with the absolute paths that it takes. */
export interface Staged {
  readonly entry: Entry
  readonly target: string
  /** The new bytes, until they are renamed to the target. */
  readonly temporary: string
  /** The old bytes, until everything is done. */
  readonly backup: string
}

export function stagedIn(root: string, { id, entries }: Transaction): readonly Staged[] {
  return entries.map((entry, index) => {
    const target = join(root, entry.path)
    // A leading dot and a trailing tilde: no watcher, bundler or autoload takes such a file up.
    const name = `.${basename(target).slice(0, 40)}.${id}-${index}`
    const beside = (word: string) => join(dirname(target), `${name}-${word}~`)
    return { entry, target, temporary: beside('new'), backup: beside('old') }
  })
}

/** Every folder in which a name comes or goes. */
export function foldersOf(root: string, { entries, folders }: Transaction): readonly string[] {
  const paths = [...entries.map(({ path }) => path), ...folders]
  return [...new Set(paths.map((path) => dirname(join(root, path))))]
}

/**
 * Reads a transaction that a process left behind. Gives nothing for a text that was not written to
 * its end, and refuses one that would reach out of the project: its folder may be a stranger's.
 */
export function parseTransaction(root: string, text: string): Transaction | undefined {
  const value = parsed(text)
  if (!isTransaction(value)) return undefined
  const outside = value.entries.find(({ path }) => !isInside(root, path))
  if (outside === undefined) return value
  throw new RefusedError([
    {
      code: 'BROKEN_RECORD',
      file: outside.path,
      message: `An unfinished command is recorded that would change ${outside.path}, outside the project.`,
      hint: 'This program does not write that. Delete .create-service/history after a look at it.',
    },
  ])
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isTransaction(value: unknown): value is Transaction {
  const { version, id, entries, folders } = (value ?? {}) as Partial<Record<string, unknown>>
  return (
    version === 1 &&
    /^[0-9a-f]+$/.test(String(id)) &&
    Array.isArray(entries) &&
    entries.every((entry) => typeof entry?.path === 'string') &&
    Array.isArray(folders) &&
    folders.every((folder) => typeof folder === 'string')
  )
}

function isInside(root: string, path: string): boolean {
  const isPlain = normalize(path) === path.split('/').join(sep) && !/^(\.\.|\/|[a-z]:)/i.test(path)
  return isPlain && isReallyWithin(root, dirname(join(root, path)))
}
