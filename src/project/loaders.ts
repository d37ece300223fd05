import { posix } from 'node:path'
import type { Prefix } from '../edits/flow.ts'
import type { FileFilter, Place, PlaceKind } from '../model/place.ts'
import { leavesOut } from './file-filters.ts'
import { isFolderOf } from './folders.ts'
import type { Searched } from './searched.ts'

/** A folder that `@fastify/autoload` takes up. */
export interface Loader {
  readonly place: Place & { readonly loadedBy: string }
  /** `file:line` of its registration. */
  readonly at: string
  /** What it puts before every route. */
  readonly prefix?: Prefix
  /** The option by which it leaves out whatever a new file is called, or may do so. */
  readonly choosy?: FileFilter
}

/** The loaded folders of a file that are named for a kind. */
export function loadersIn(kind: PlaceKind, file: Searched): readonly Loader[] {
  return allLoaders(file).filter(({ place }) => isFolderOf(kind, place.folder))
}

/** All loaded folders of a file. */
export function allLoaders({ source, sites }: Searched): readonly Loader[] {
  return sites.autoloads.flatMap(({ dir, prefix, unknownPrefix, filters = [], line }) => {
    if (dir === undefined) return []
    const folder = posix.join(posix.dirname(source.path), dir)
    const written = unknownPrefix ?? prefix
    const literal = prefix === undefined ? {} : { text: prefix }
    const sample = `sample${posix.extname(source.path)}`
    const choosy = filters.find((filter) => isChoosy(filter, sample))
    return [
      {
        place: {
          folder,
          by: 'loader',
          loadedBy: source.path,
          ...(filters.length === 0 ? {} : { filters }),
        },
        at: `${source.path}:${line}`,
        ...(written === undefined ? {} : { prefix: { written, ...literal } }),
        ...(choosy === undefined ? {} : { choosy }),
      },
    ]
  })
}

/** What an option ignores depends on the name; what it takes only, hardly. */
function isChoosy(filter: FileFilter, sample: string): boolean {
  if (filter.test === undefined) return true
  return !filter.option.startsWith('ignore') && leavesOut(filter, sample)
}
