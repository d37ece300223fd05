import { noFlow } from '../edits/flow.ts'
import { type BuiltFlow, resultFlow } from '../edits/reached.ts'
import type { FastifySite } from '../edits/sites.ts'
import { type Branch, branchesOf, carriesRoutes, type Spot } from './flow.ts'
import type { Modules } from './modules.ts'
import type { Searched } from './searched.ts'
import { type Use, usesIn } from './uses.ts'

/** An instance that a file builds. */
export interface Root extends Spot {
  readonly site: FastifySite
  readonly isAlone: boolean
  /** Whether a variable holds it, so that something can be put in where it is built. */
  readonly isHeld: boolean
  readonly isImported: boolean
  readonly built: BuiltFlow
  readonly branches: readonly Branch[]
  readonly routes: number
  /** How many plugins and functions it is given to, those of packages included. */
  readonly steps: number
  /** What becomes of it in the files that import it; that counts above as well. */
  readonly uses: readonly Use[]
  /** What is put into it where it is built. */
  readonly own: readonly Branch[]
}

const SCRIPTS = /(^|\/)(scripts?|bin|tools?|tasks|seeds?|cli|codegen|generators?|migrations?)\//i

/** So many times more plugins tell the app from what else has an instance. */
const CLEARLY = 5

/** Every instance of the files, with what becomes of it here and where it is returned or exported to. */
export function rootsIn(files: readonly Searched[], modules: Modules): readonly Root[] {
  const roots = known.get(files) ?? foundIn(files, modules)
  known.set(files, roots)
  return roots
}

/** Following the instances of a project costs most of the search, and several questions need it. */
const known = new WeakMap<readonly Searched[], readonly Root[]>()

function foundIn(files: readonly Searched[], modules: Modules): readonly Root[] {
  const usesOf = usesIn(files, modules)
  return files.flatMap((file) => {
    const { source, sites, flows, isImported } = file
    const held = sites.instances.flatMap((site, index): readonly Root[] => {
      const built = flows.instances[index]
      if (built === undefined) return []
      const own = branchesOf(source, built.flow, modules)
      const uses = usesOf(source.path, index)
      const results = resultsOf(file, built, files, modules)
      return [
        {
          source,
          name: site.name,
          line: site.line,
          site,
          isAlone: sites.instances.length === 1,
          isHeld: true,
          isImported,
          built,
          branches: [...own, ...results, ...uses.flatMap(({ branches }) => branches)],
          routes: sum([built.flow, ...uses].map(({ routes }) => routes)),
          steps: sum([built.flow.steps.length + results.length, ...uses.map(({ steps }) => steps)]),
          uses,
          own,
        },
      ]
    })
    return [...held, ...unheldRoot(file, usesOf(source.path, undefined))]
  })
}

/** An instance that has a name only where it is imported: there it grows, or at least listens. */
function unheldRoot({ source, isImported }: Searched, found: readonly Use[]): readonly Root[] {
  const isGrowing = found.some(({ registers }) => registers)
  const uses = isGrowing ? found : found.map((use) => ({ ...use, registers: use.starts }))
  const [first] = uses
  if (first === undefined) return []
  const branches = uses.flatMap((use) => use.branches)
  const routes = sum(uses.map((use) => use.routes))
  const built = { flow: noFlow, isServed: true, isClosed: false, isExported: true }
  const place = { source, name: first.name, line: 1, site: first.site, isAlone: true }
  const is = { isHeld: false, isImported }
  const steps = sum(uses.map((use) => use.steps))
  return [{ ...place, ...is, built, branches, routes, steps, uses, own: [] }]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
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
function levelOf({ branches, routes, site, uses }: Root): number {
  const sites = [site, ...uses.map((use) => use.site)]
  if (branches.some(carriesRoutes) || sites.some(({ inline }) => inline.length > 0)) return 3
  if (routes > 0 || branches.length > 0) return 2
  return sites.some(({ registers }) => registers > 0) ? 1 : 0
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
