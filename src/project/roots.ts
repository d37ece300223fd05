import { type BuiltFlow, resultFlow } from '../edits/reached.ts'
import type { FastifySite } from '../edits/sites.ts'
import { type Branch, branchesOf, carriesRoutes, type Spot } from './flow.ts'
import type { Modules } from './modules.ts'
import type { Searched } from './searched.ts'

/** An instance that a file builds. */
export interface Root extends Spot {
  readonly site: FastifySite
  readonly isAlone: boolean
  readonly isImported: boolean
  readonly built: BuiltFlow
  readonly branches: readonly Branch[]
  readonly routes: number
  /** How many plugins and functions it is given to, those of packages included. */
  readonly steps: number
}

const SCRIPTS = /(^|\/)(scripts?|bin|tools?|tasks|seeds?|cli|codegen|generators?|migrations?)\//i

/** So many times more plugins tell the app from what else has an instance. */
const CLEARLY = 5

/** Every instance of the files, with what becomes of it here and where it is returned to. */
export function rootsIn(files: readonly Searched[], modules: Modules): readonly Root[] {
  return files.flatMap((file) => {
    const { source, sites, flows, isImported } = file
    return sites.instances.flatMap((site, index): readonly Root[] => {
      const built = flows.instances[index]
      if (built === undefined) return []
      const results = resultsOf(file, built, files, modules)
      return [
        {
          source,
          name: site.name,
          line: site.line,
          site,
          isAlone: sites.instances.length === 1,
          isImported,
          built,
          branches: [...branchesOf(source, built.flow, modules), ...results],
          routes: built.flow.routes,
          steps: built.flow.steps.length + results.length,
        },
      ]
    })
  })
}

/** What is done with the instance where the function that builds it was called. */
function resultsOf(
  { source }: Searched,
  { builder }: BuiltFlow,
  files: readonly Searched[],
  modules: Modules,
): readonly Branch[] {
  if (builder === undefined) return []
  return files.flatMap(({ source: other }) => {
    const isHere = other.path === source.path
    const flow = resultFlow(other.path, other.text, (target) =>
      'local' in target
        ? isHere && target.local === builder
        : modules.resolve(target.from, other.path)?.path === source.path,
    )
    return branchesOf(other, flow, modules)
  })
}

/**
 * Whether an instance is there for a moment only, to sign a token or to print a document: it is not
 * served, and nothing of the project is put into it.
 */
export function isThrowaway(root: Root): boolean {
  const { source, built, routes, branches } = root
  if (built.isServed || routes > 0 || branches.length > 0) return false
  return built.isClosed || isScript(source.path)
}

/** The instances of the highest rank; more than one if they are equal. */
export function rankRoots(roots: readonly Root[]): readonly Root[] {
  const best = roots.filter((root) => roots.every((other) => compare(root, other) >= 0))
  const most = best.find((root) =>
    best.every((other) => other === root || countOf(root) >= CLEARLY * Math.max(1, countOf(other))),
  )
  return most === undefined ? best : [most]
}

/** That of the app first: it serves, it is no script, it is where apps usually are, it has most sorts of things. */
function compare(a: Root, b: Root): number {
  const keys = [keysOf(a), keysOf(b)] as const
  const at = keys[0].findIndex((key, index) => key !== keys[1][index])
  return at === -1 ? 0 : (keys[0][at] ?? 0) - (keys[1][at] ?? 0)
}

function keysOf(root: Root): readonly number[] {
  const { built, isImported, source } = root
  const level = levelOf(root)
  const hasRoutes = level >= 2
  const serving = (hasRoutes ? 1 : 0) + (built.isServed ? 1 : 0)
  return [serving, isScript(source.path) ? 0 : 1, isImported ? 0 : 1, level]
}

/** Whether plugins of the project are put into it, or routes, or only packages, or nothing. */
function levelOf({ branches, routes, site }: Root): number {
  if (branches.some(carriesRoutes) || site.inline.length > 0) return 3
  if (routes > 0 || branches.length > 0) return 2
  return site.registers > 0 ? 1 : 0
}

function countOf({ branches }: Root): number {
  return branches.length
}

function isScript(path: string): boolean {
  return SCRIPTS.test(path)
}

/** Whether an app is among the files: an instance that serves something, a list, or a loaded folder. */
export function hasApp(files: readonly Searched[], modules: Modules): boolean {
  const isMade = files.some(
    ({ sites: { chain, lists, autoloads }, isImported }) =>
      autoloads.length > 0 || lists.length > 0 || (chain && !isImported),
  )
  return isMade || rootsIn(files, modules).some((root) => keysOf(root)[0] === 2)
}
