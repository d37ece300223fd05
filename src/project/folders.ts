import { posix } from 'node:path'
import type { PlaceKind } from '../model/place.ts'
import { relativeImports, type SourceText } from './sources.ts'

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

/**
 * The folder for a new file that is registered in `main`: that of the file itself, or one from which
 * it imports already, or one beside it, or a new one beside it. Never one that a loader takes up:
 * there it would be registered twice.
 */
export function folderFor(kind: PlaceKind, main: SourceText, folders: Folders): string {
  const own = posix.dirname(main.path)
  const names = folderNames[kind].filter((name) => !ofClasses.includes(name))
  const isAside = isFolderOf('router', own) || isFolderOf('middleware', own)
  const base = isAside ? posix.dirname(own) : own
  const imported = relativeImports(main)
    .map((path) => posix.dirname(path))
    .filter((folder) => names.includes(posix.basename(folder)))
  const beside = names.map((name) => posix.join(base, name))
  const known = [...(names.includes(posix.basename(own)) ? [own] : []), ...imported, ...beside]
  const open = (folder: string) => !folders.isLoaded(folder)
  return known.filter(open).find((folder) => folders.isThere(folder)) ?? beside.find(open) ?? base
}
