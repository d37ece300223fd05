import type { Place, PlaceKind, Site } from '../model/place.ts'
import { type Candidate, type Candidates, candidatesIn } from './candidates.ts'
import { isIndex } from './file-filters.ts'
import { carriesRoutes } from './flow.ts'
import { type Folders, folderFor, type Main } from './folders.ts'
import { allLoaders, type Loader, loadersIn } from './loaders.ts'
import type { Modules } from './modules.ts'
import { joined, type Mounted, mountedBy } from './mounts.ts'
import { openFlags, refuseLoaders, refuseSpots } from './place-refusals.ts'
import { type Root, rankRoots, rootsIn } from './roots.ts'
import type { Searched } from './searched.ts'

/** What the places of a project are found in. */
export interface Seen {
  readonly files: readonly Searched[]
  readonly modules: Modules
  /** Whether a folder of the project exists. */
  hasFolder(path: string): boolean
  /** The names in a folder of the project. */
  namesIn(path: string): readonly string[]
}

/**
 * Where things of each kind go, in this order: a folder that @fastify/autoload takes up, an instance of
 * Fastify or what that leads to, a list of plugins that is looped over, a function that is given an
 * instance. Of equals none is chosen.
 */
export function findPlaces(seen: Seen): Readonly<Record<PlaceKind, Place>> {
  let found: Candidates | undefined
  const candidates = () => {
    found ??= candidatesIn(seen.files, seen.modules)
    return found
  }
  return {
    router: placeOf('router', seen, candidates),
    middleware: placeOf('middleware', seen, candidates),
  }
}

function placeOf(kind: PlaceKind, seen: Seen, candidates: () => Candidates): Place {
  const { files } = seen
  const loaders = files.flatMap((file) => loadersIn(kind, file))
  const [loader] = loaders
  if (loader !== undefined && loaders.length === 1 && loader.choosy === undefined) {
    const isSure =
      loader.place.filters === undefined && !seen.namesIn(loader.place.folder).some(isIndex)
    const instead = isSure ? {} : { instead: openFlags(candidates().others) }
    return { ...loader.place, ...prefixOf(loader, candidates()), ...instead }
  }
  const found = loaders.length > 0 ? [] : candidates()[kind]
  const [candidate] = found
  if (candidate !== undefined && found.length === 1) {
    const main = mainOf(kind, candidate.source, candidate, seen)
    return { folder: folderFor(kind, main, foldersOf(seen)), by: 'site', site: siteOf(candidate) }
  }
  const { others } = candidates()
  const unplaced =
    loaders.length > 0 ? refuseLoaders(loaders, others) : refuseSpots(files, found, others)
  const file = files.find(({ source }) => source.path === unplaced.file) ?? files[0]
  const main = mainOf(kind, file?.source ?? { path: '', text: '' }, undefined, seen)
  return { folder: folderFor(kind, main, foldersOf(seen)), by: 'site', unplaced }
}

/** What comes before the routes of a loaded folder: its own prefix, below that of who loads it. */
function prefixOf({ place, prefix }: Loader, { roots }: Candidates): Mounted {
  const above = mountedBy(rankRoots(roots), place.loadedBy)
  if (prefix === undefined || above.unknownPrefix !== undefined) return above
  const outer = above.prefix === undefined ? [] : [{ written: above.prefix, text: above.prefix }]
  return joined([...outer, prefix])
}

/** The place that the user chose, in one of the files. */
export function chosenPlace(
  kind: PlaceKind,
  { path, within: named }: Pick<Site, 'path' | 'within'>,
  seen: Seen,
): Place {
  const { files, modules } = seen
  const roots = rootsIn(files, modules)
  const within = named ?? importedAt(path, roots)
  const isList = files.some(({ sites }) => sites.lists.some(({ name }) => name === within))
  const source = files.find((file) => file.source.path === path)?.source ?? { path, text: '' }
  return {
    folder: folderFor(kind, mainOf(kind, source, undefined, seen), foldersOf(seen)),
    by: 'site',
    site: { path, ...(within === undefined ? {} : { within }), ...(isList ? { isList } : {}) },
    ...(within === undefined ? {} : mountedBy(rankRoots(roots), path, within)),
  }
}

/** The name of the instance of another file that a file uses, unless it builds one. */
function importedAt(path: string, roots: readonly Root[]): string | undefined {
  if (roots.some(({ source, isHeld }) => isHeld && source.path === path)) return undefined
  const [use, other] = roots.flatMap(({ uses }) =>
    uses.filter(({ source }) => source.path === path),
  )
  return other === undefined ? use?.name : undefined
}

/** The file with the spot, what it imports, and the files of what is registered there. */
function mainOf(
  kind: PlaceKind,
  source: Main['source'],
  candidate: Candidate | undefined,
  { modules }: Seen,
): Main {
  const alike = (candidate?.branches ?? []).filter(
    (branch) => carriesRoutes(branch) === (kind === 'router'),
  )
  return {
    source,
    imports: modules.importsOf(source),
    siblings: alike.flatMap(({ spot }) => spot?.source.path ?? []),
  }
}

function siteOf({ source, name, isAlone, isList }: Candidate): Site {
  const within = isAlone && !isList ? {} : { within: name }
  return { path: source.path, ...within, ...(isList ? { isList } : {}) }
}

function foldersOf({ files, hasFolder }: Seen): Folders {
  const loaded = files.flatMap(allLoaders).map(({ place }) => `${place.folder}/`)
  return {
    isThere: hasFolder,
    isLoaded: (path) => loaded.some((folder) => `${path}/`.startsWith(folder)),
  }
}
