import { posix } from 'node:path'
import { type FastifySite, type FastifySites, fastifySites } from '../edits/sites.ts'
import type { Place, PlaceKind, Site } from '../model/place.ts'
import type { Refusal } from '../model/refusal.ts'
import type { SourceText } from './sources.ts'

/** A file with what of Fastify is in it. */
export interface Searched {
  readonly source: SourceText
  readonly sites: FastifySites
}

/** A spot that may be the one. */
interface Candidate {
  readonly path: string
  readonly site: FastifySite
  readonly isList: boolean
  /** The only one of its file, so that it needs no name. */
  readonly isAlone: boolean
}

const folderNames: Readonly<Record<PlaceKind, readonly string[]>> = {
  router: ['routes', 'routers', 'api'],
  middleware: ['plugins', 'middleware', 'middlewares', 'hooks'],
}

export function search(sources: readonly SourceText[]): readonly Searched[] {
  return sources.map((source) => ({ source, sites: fastifySites(source.path, source.text) }))
}

/** Whether anything in a file takes up plugins. */
export function isPromising({ sites }: Searched): boolean {
  const { instances, parameters, lists, autoloads } = sites
  return instances.length + parameters.length + lists.length + autoloads.length > 0
}

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
  const loaders = files.flatMap((file) => loadersOf(kind, file))
  const [loader] = loaders
  if (loader !== undefined && loaders.length === 1) return loader.place
  const candidates = loaders.length > 1 || isChained(files) ? [] : best(files)
  const [candidate] = candidates
  const near =
    candidate?.path ?? files.find(isPromising)?.source.path ?? files[0]?.source.path ?? ''
  const folder = folderNear(kind, near, hasFolder)
  if (candidate !== undefined && candidates.length === 1) {
    const { path, site, isAlone, isList } = candidate
    const within = isAlone && !isList ? {} : { within: site.name }
    return { folder, by: 'site', site: { path, ...within, ...(isList ? { isList } : {}) } }
  }
  return { folder, by: 'site', unplaced: refusalOf(files, loaders, candidates) }
}

/** The place that the user chose, in one of the files. */
export function chosenPlace(
  kind: PlaceKind,
  { path, within }: Pick<Site, 'path' | 'within'>,
  files: readonly Searched[],
  hasFolder: (path: string) => boolean,
): Place {
  const isList = files.some(({ sites }) => sites.lists.some(({ name }) => name === within))
  return {
    folder: folderNear(kind, path, hasFolder),
    by: 'site',
    site: { path, ...(within === undefined ? {} : { within }), ...(isList ? { isList } : {}) },
  }
}

function loadersOf(kind: PlaceKind, { source, sites }: Searched) {
  return sites.autoloads.flatMap(({ dir, prefix, line }) => {
    if (dir === undefined || !folderNames[kind].includes(posix.basename(dir))) return []
    const folder = posix.join(posix.dirname(source.path), dir)
    const under = prefix === undefined ? {} : { prefix }
    return [{ place: { folder, by: 'loader', ...under } as const, at: `${source.path}:${line}` }]
  })
}

/** The candidates of the first sort that there is any of; those that register something count first. */
function best(files: readonly Searched[]): readonly Candidate[] {
  const of = (pick: (sites: FastifySites) => readonly FastifySite[], isList: boolean) =>
    files.flatMap(({ source: { path }, sites }): readonly Candidate[] => {
      const picked = pick(sites)
      return picked.map((site) => ({ path, site, isList, isAlone: picked.length === 1 }))
    })
  const sorts = [
    of((sites) => (isFedByList(sites) ? [] : sites.instances), false),
    of((sites) => sites.lists, true),
    of((sites) => sites.parameters, false),
  ]
  const found = sorts.find((candidates) => candidates.length > 0) ?? []
  const busy = found.filter(({ site }) => site.registers > 0)
  return busy.length > 0 ? busy : found
}

/** The app is built in one expression that no variable holds, so what else takes plugins is not it. */
function isChained(files: readonly Searched[]): boolean {
  const sites = files.map((file) => file.sites)
  return sites.some(({ chain }) => chain) && sites.every(({ instances }) => instances.length === 0)
}

/** An instance that registers nothing by name, only in the loops over lists. */
function isFedByList({ instances, lists }: FastifySites): boolean {
  return lists.length > 0 && instances.every(({ registers }) => registers <= lists.length)
}

function folderNear(kind: PlaceKind, path: string, hasFolder: (path: string) => boolean): string {
  const own = posix.dirname(path)
  const [usual = ''] = folderNames[kind]
  const isOneOf = (names: readonly string[]) => names.includes(posix.basename(own))
  if (isOneOf(folderNames[kind])) return own
  const base = isOneOf(Object.values(folderNames).flat()) ? posix.dirname(own) : own
  const near = folderNames[kind].map((name) => posix.join(base, name))
  return near.find(hasFolder) ?? posix.join(base, usual)
}

function refusalOf(
  files: readonly Searched[],
  loaders: ReturnType<typeof loadersOf>,
  candidates: readonly Candidate[],
): Refusal {
  if (loaders.length > 1) {
    return {
      code: 'AMBIGUOUS',
      message: 'Several folders are loaded by @fastify/autoload.',
      candidates: loaders.map(({ at, place }) => `${at} ${place.folder}`),
      hint: 'Choose where to register it with --into <file>#<function or instance>.',
    }
  }
  if (candidates.length > 1) {
    const choices = candidates.map(({ path, site }) => `--into ${path}#${site.name}`)
    return {
      code: 'AMBIGUOUS',
      message: 'There are several places where it could be registered.',
      candidates: candidates.map(({ path, site }) => `${path}:${site.line} ${site.name}`),
      hint: `Choose one: ${choices.join('  or  ')}`,
    }
  }
  if (isChained(files)) {
    const chained = files.find(({ sites }) => sites.chain)?.source.path ?? ''
    return {
      code: 'NO_ANCHOR',
      file: chained,
      message: `Looked for an instance of Fastify: ${chained} builds one in a single expression, and no variable holds it.`,
      hint: 'Give it a variable (const app = Fastify()) and run the command again, or chain the registration by hand.',
    }
  }
  const read = files.map(({ source }) => source.path).slice(0, 8)
  return {
    code: 'NO_ANCHOR',
    message: `No place was found to register it. Looked for an instance (fastify()), a function that is given one (FastifyInstance, fp(…)), a list of plugins that is looped over, and folders of @fastify/autoload, in ${read.join(', ') || 'the entries of package.json and the usual files'}.`,
    hint: 'Put the lines in by hand, or name the place with --into <file>#<function or instance>.',
  }
}
