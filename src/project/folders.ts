import { posix } from 'node:path'
import type { PlaceKind } from '../model/place.ts'
import type { SourceText } from './sources.ts'

/** The names that folders of routes and of plugins usually have; the first is given to a new one. */
const folderNames: Readonly<Record<PlaceKind, readonly string[]>> = {
  router: ['routes', 'routers', 'controllers'],
  middleware: ['plugins', 'middleware', 'middlewares', 'hooks'],
}

/** Folders of classes, into which no function of ours is put unless it is there already. */
const ofClasses = ['controllers']

/** Whether the files of a folder are usually of that kind. */
export function isFolderOf(kind: PlaceKind, folder: string): boolean {
  return folderNames[kind].includes(posix.basename(folder))
}

/** The folders of the project, as far as they matter. */
export interface Folders {
  isThere(path: string): boolean
  /** Whether a loader takes up what lies in it. */
  isLoaded(path: string): boolean
}

/** The file in which something is registered. */
export interface Main {
  readonly source: SourceText
  /** What it imports from the project: paths from the root, without ending. */
  readonly imports: readonly string[]
  /** The files of what is registered there and is of the same kind. */
  readonly siblings: readonly string[]
}

/**
 * The folder for a new file that is registered in `main`: that of the file itself, or the one of its
 * siblings, or one from which it imports already, or one beside it, or a new one beside it. Never one
 * that a loader takes up: there it would be registered twice.
 */
export function folderFor(kind: PlaceKind, main: Main, folders: Folders): string {
  const own = posix.dirname(main.source.path)
  const names = folderNames[kind].filter((name) => !ofClasses.includes(name))
  const isAside = isFolderOf('router', own) || isFolderOf('middleware', own)
  const base = isAside ? posix.dirname(own) : own
  const named = (paths: readonly string[]) =>
    paths
      .map((path) => posix.dirname(path))
      .filter((folder) => names.includes(posix.basename(folder)))
  const beside = names.map((name) => posix.join(base, name))
  const known = [
    ...(names.includes(posix.basename(own)) ? [own] : []),
    ...named(main.siblings),
    ...(siblingsFolder(main, own) ?? []),
    ...named(main.imports),
    ...beside,
  ]
  const open = (folder: string) => !folders.isLoaded(folder)
  return known.filter(open).find((folder) => folders.isThere(folder)) ?? beside.find(open) ?? base
}

/** The one folder of all siblings, unless it is that of one feature. */
function siblingsFolder({ source, siblings }: Main, own: string): readonly string[] | undefined {
  const others = siblings.filter((path) => path !== source.path)
  const [folder, second] = new Set(others.map((path) => posix.dirname(path)))
  if (folder === undefined || second !== undefined) return undefined
  if (ofClasses.includes(posix.basename(folder))) return undefined
  // One alone says nothing of the folders around, unless the file is the index of its own.
  const isIndex = folder === own && /^index\./.test(posix.basename(source.path))
  if (others.length < 2 && !isIndex && `${own}/`.startsWith(`${folder}/`)) return undefined
  return others.every((path) => isFeatureFile(path)) ? undefined : [folder]
}

/** Whether a folder is named for what the file is about: `users/users.routes.ts`, `users/index.ts`. */
function isFeatureFile(path: string): boolean {
  const [stem = ''] = posix.basename(path).split('.')
  const folder = posix.basename(posix.dirname(path))
  if (/^(?:index|main|routes?|router|controller|handlers?|plugin)$/i.test(stem)) return true
  const singular = (word: string) => word.toLowerCase().replace(/s$/, '')
  return singular(stem).startsWith(singular(folder))
}
