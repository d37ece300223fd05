import { posix } from 'node:path'
import type { Place, PlaceKind } from '../model/place.ts'
import { isFolderOf } from './folders.ts'
import type { Searched } from './searched.ts'

/** A folder that `@fastify/autoload` takes up. */
export interface Loader {
  readonly place: Place & { readonly loadedBy: string }
  /** `file:line` of its registration. */
  readonly at: string
  /** Whether its options leave out a new file of a common name. */
  readonly isChoosy: boolean
  /** The option that decides so. */
  readonly pattern: string
}

/** The loaded folders of a file that are named for a kind. */
export function loadersIn(kind: PlaceKind, file: Searched): readonly Loader[] {
  return allLoaders(file).filter(({ place }) => isFolderOf(kind, place.folder))
}

/** All loaded folders of a file. */
export function allLoaders({ source, sites }: Searched): readonly Loader[] {
  return sites.autoloads.flatMap(({ dir, prefix, hasPattern, line }) => {
    if (dir === undefined) return []
    const folder = posix.join(posix.dirname(source.path), dir)
    const under = prefix === undefined ? {} : { prefix }
    const isChoosy = hasPattern && leavesOut(source.text, `sample${posix.extname(source.path)}`)
    return [
      {
        place: { folder, by: 'loader', loadedBy: source.path, ...under },
        at: `${source.path}:${line}`,
        isChoosy,
        pattern: 'x',
      },
    ]
  })
}

const patterns =
  /\b(ignorePattern|ignoreFilter|matchFilter|scriptPattern)\s*:\s*(?:\/((?:\\.|[^/\n])+)\/([a-z]*))?/g

/** Whether an option that decides by name leaves a file out, or decides in a way that is no pattern. */
function leavesOut(text: string, name: string): boolean {
  return [...text.matchAll(patterns)].some(([, option = '', body, flags]) => {
    if (body === undefined) return true
    const isMatch = new RegExp(body, flags?.replace(/[gy]/g, '')).test(`/${name}`)
    return option.startsWith('ignore') ? isMatch : !isMatch
  })
}
