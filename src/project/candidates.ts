import { posix } from 'node:path'
import type { FastifySite, FastifySites } from '../edits/sites.ts'
import { isFolderOf } from './folders.ts'
import type { Searched } from './searched.ts'
import { relativeImports } from './sources.ts'

/** A spot that may be the one. */
export interface Candidate {
  readonly file: Searched
  readonly site: FastifySite
  readonly isList: boolean
  /** The only one of its file, so that it needs no name. */
  readonly isAlone: boolean
}

/**
 * The spots that come into question, of the first sort that there is any of: instances, lists that
 * are looped over, functions that are given an instance. Those that register something come first.
 * An instance that only registers a plugin of the project's own leads to that plugin.
 */
export function candidatesIn(files: readonly Searched[]): readonly Candidate[] {
  if (isChained(files)) return []
  const instances = sitesIn(files, (sites) => (isFedByList(sites) ? [] : sites.instances), false)
  const functions = busy(sitesIn(files, (sites) => sites.parameters, false))
  const idle = instances.every(({ site }) => site.registers === 0 && !site.listens)
  if (instances.length > 0 && idle && functions.length === 1) return functions
  if (instances.length > 0) return followed(preferBusy(instances), functions)
  const lists = sitesIn(files, (sites) => sites.lists, true)
  if (lists.length > 0) return preferBusy(lists)
  return preferBusy(sitesIn(files, (sites) => sites.parameters, false))
}

function sitesIn(
  files: readonly Searched[],
  pick: (sites: FastifySites) => readonly FastifySite[],
  isList: boolean,
): readonly Candidate[] {
  return files.flatMap((file): readonly Candidate[] => {
    const picked = pick(file.sites)
    return picked.map((site) => ({ file, site, isList, isAlone: picked.length === 1 }))
  })
}

function busy(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ site }) => site.registers > 0)
}

function preferBusy(candidates: readonly Candidate[]): readonly Candidate[] {
  const some = busy(candidates)
  return some.length > 0 ? some : candidates
}

/** A file that only starts a server registers one plugin, the app itself: that is where it grows. */
function followed(
  instances: readonly Candidate[],
  functions: readonly Candidate[],
): readonly Candidate[] {
  const [shell] = instances
  if (shell === undefined || instances.length > 1 || shell.site.registers !== 1) return instances
  const imported = relativeImports(shell.file.source)
  const apps = functions.filter(({ file: { source } }) => {
    const stem = source.path.replace(/\.[cm]?[jt]s$/, '')
    return imported.includes(stem) && !isFolderOf('router', posix.dirname(source.path))
  })
  return apps.length === 1 ? apps : instances
}

/** The app is built in one expression that no variable holds, so what else takes plugins is not it. */
export function isChained(files: readonly Searched[]): boolean {
  const sites = files.map((file) => file.sites)
  return sites.some(({ chain }) => chain) && sites.every(({ instances }) => instances.length === 0)
}

/** An instance that registers nothing by name, only in the loops over lists. */
function isFedByList({ instances, lists }: FastifySites): boolean {
  return lists.length > 0 && instances.every(({ registers }) => registers <= lists.length)
}
