import type { Place, PlaceKind, Site } from '../model/place.ts'
import { type Candidate, candidatesIn } from './candidates.ts'
import { type Folders, folderFor } from './folders.ts'
import { allLoaders, loadersIn } from './loaders.ts'
import { refuseLoaders, refuseSpots } from './place-refusals.ts'
import { makesApp, type Searched } from './searched.ts'

/**
 * Where things of a kind go, in this order: a folder that @fastify/autoload takes up, an instance of
 * Fastify, a list of plugins that is looped over, a function that is given an instance. Of equals
 * none is chosen.
 *
 * @param hasFolder whether a folder of the project exists
 */
export function findPlace(
  kind: PlaceKind,
  files: readonly Searched[],
  hasFolder: (path: string) => boolean,
): Place {
  const loaders = files.flatMap((file) => loadersIn(kind, file))
  const [loader] = loaders
  if (loader !== undefined && loaders.length === 1 && !loader.isChoosy) return loader.place
  const candidates = loaders.length > 0 ? [] : candidatesIn(files)
  const [candidate] = candidates
  const main = candidate?.file ?? files.find(({ sites }) => sites.chain) ?? files.find(makesApp)
  const source = (main ?? files[0])?.source ?? { path: '', text: '' }
  const folder = folderFor(kind, source, foldersOf(files, hasFolder))
  if (candidate !== undefined && candidates.length === 1) {
    return { folder, by: 'site', site: siteOf(candidate) }
  }
  const unplaced = loaders.length > 0 ? refuseLoaders(loaders) : refuseSpots(files, candidates)
  return { folder, by: 'site', unplaced }
}

/** The place that the user chose, in one of the files. */
export function chosenPlace(
  kind: PlaceKind,
  { path, within }: Pick<Site, 'path' | 'within'>,
  files: readonly Searched[],
  hasFolder: (path: string) => boolean,
): Place {
  const isList = files.some(({ sites }) => sites.lists.some(({ name }) => name === within))
  const source = files.find((file) => file.source.path === path)?.source ?? { path, text: '' }
  return {
    folder: folderFor(kind, source, foldersOf(files, hasFolder)),
    by: 'site',
    site: { path, ...(within === undefined ? {} : { within }), ...(isList ? { isList } : {}) },
  }
}

function siteOf({ file, site, isAlone, isList }: Candidate): Site {
  const within = isAlone && !isList ? {} : { within: site.name }
  return { path: file.source.path, ...within, ...(isList ? { isList } : {}) }
}

function foldersOf(files: readonly Searched[], isThere: Folders['isThere']): Folders {
  const loaded = files.flatMap(allLoaders).map(({ place }) => `${place.folder}/`)
  return { isThere, isLoaded: (path) => loaded.some((folder) => `${path}/`.startsWith(folder)) }
}
