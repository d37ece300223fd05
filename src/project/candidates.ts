import { type Branch, branchesOf, carriesRoutes, type Spot } from './flow.ts'
import type { Modules } from './modules.ts'
import { isThrowaway, type Root, rankRoots, rootsIn } from './roots.ts'
import type { Searched } from './searched.ts'
import type { SourceText } from './sources.ts'
import { growingIn } from './uses.ts'

/** A spot that may be the one. */
export interface Candidate extends Spot {
  readonly isList?: boolean
  /** The only one of its file, so that it needs no name. */
  readonly isAlone?: boolean
  /** What it registers and hands the instance to. */
  readonly branches: readonly Branch[]
}

/** The spots that come into question for each kind; none is certain where there are several. */
export interface Candidates {
  readonly router: readonly Candidate[]
  readonly middleware: readonly Candidate[]
  /** What takes plugins at all, for who has to choose. */
  readonly others: readonly Candidate[]
  readonly roots: readonly Root[]
}

/** What sets up all routes is called so: `registerRoutes`, `routes`, `api`. */
const GENERAL =
  /^(?:(?:register|set_?up|add|mount|load|init(?:iali[sz]e)?|build|create|define|apply|use|with|attach|configure|install|bind|declare|make|plug|wire)(?:All|App|Api|Http|The|V\d+|Fastify|Server)*_?)?(?:Routes|Routers?|Routing|Apis?|Endpoints|Controllers|Modules|Handlers)$/i

/**
 * Finds where plugins are registered. An instance leads on to the function that registers the routes,
 * where one does; a list that is looped over takes items. Without an instance it is a function that
 * is given one, unless that registers nothing of the project: then it is a leaf.
 */
export function candidatesIn(files: readonly Searched[], modules: Modules): Candidates {
  const functions = functionsIn(files, modules)
  const lists = listsIn(files)
  const roots = rootsIn(files, modules)
  const kept = roots.filter((one) => !isThrowaway(one))
  const others = [...kept.flatMap(spotsOf), ...functions, ...lists]
  if (isChained(files) && kept.every(({ isHeld }) => isHeld))
    return { router: [], middleware: [], others, roots }
  const [root, rival] = rankRoots(kept)
  if (root !== undefined && rival !== undefined) {
    const tied = rankRoots(kept).flatMap((one) => homesOf(one, files, modules))
    return { router: tied, middleware: tied, others, roots }
  }
  if (root === undefined) {
    const found = lists.length > 0 ? lists : mainFunctions(functions)
    return { router: found, middleware: found, others, roots }
  }
  const homes = homesOf(root, files, modules)
  const [home] = homes
  if (home === undefined || homes.length > 1) {
    return { router: homes, middleware: homes, others, roots }
  }
  return { ...fromRoot(root, home, lists, gatherers(functions)), others, roots }
}

/** The spots of an instance: where it is built, and where else plugins are registered on it. */
function spotsOf(root: Root): readonly Candidate[] {
  const { isHeld, uses } = root
  return [...(isHeld ? [root] : []), ...uses.filter(({ registers }) => registers)]
}

/** The file in which an instance grows: that of another one that imports it, or its own. */
function homesOf(root: Root, files: readonly Searched[], modules: Modules): readonly Root[] {
  const exporter = { ...root, starts: root.isHeld && root.site.listens }
  const growing = growingIn(root.uses, exporter, files, modules)
  if (growing.length === 0) return root.isHeld ? [root] : []
  return growing.map((use) => ({ ...root, ...use, isAlone: false }))
}

/** Where the instance leads to from its home. */
function fromRoot(
  root: Root,
  home: Root,
  lists: readonly Candidate[],
  alone: readonly Candidate[],
): Pick<Candidates, 'router' | 'middleware'> {
  const { site, branches } = home
  const isRouted = root.branches.some((branch) => carriesRoutes(branch))
  const fed = lists.filter(({ source }) => source.path === home.source.path)
  if (!branches.some((branch) => branch.list === undefined && carriesRoutes(branch))) {
    const isFed = fed.length > 0 && site.registers <= fed.length
    if (isFed) return { router: fed, middleware: fed }
  }
  const [only] = alone
  if (!isRouted && only !== undefined && alone.length === 1) {
    const isIdle = site.registers === 0 && !site.listens
    return { router: [only], middleware: [isIdle ? only : home] }
  }
  const shelled = throughShell(home)
  const isLate = root.isHeld && home !== root && isRoutedBefore(root, home)
  return { router: [descended(shelled)], middleware: [isLate ? root : shelled] }
}

/** Whether an instance has routes before the file in which it grows: hooks have to come earlier. */
function isRoutedBefore({ built, own, uses }: Root, { source }: Root): boolean {
  const others = uses.filter((use) => use.source.path !== source.path)
  const branches = [...own, ...others.flatMap((use) => use.branches)]
  return (
    built.flow.routes > 0 || others.some(({ routes }) => routes > 0) || branches.some(carriesRoutes)
  )
}

/** A file that only starts a server has one plugin, the app itself: that is where it grows. */
function throughShell(root: Root): Candidate {
  const [branch] = root.branches
  const isShell = root.routes === 0 && root.steps === 1 && branch !== undefined
  return isShell && isGatherer(branch) && branch.prefix === undefined
    ? (spotOf(branch) ?? root)
    : root
}

/** Down to the one function, or the list, that registers the routes. */
function descended(from: Candidate): Candidate {
  const carriers = from.branches.filter(carriesRoutes)
  const [first] = carriers
  if (first === undefined) return from
  const { list } = first
  const isListed =
    list !== undefined &&
    carriers.every(
      (one) => one.list?.name === list.name && one.list.source.path === list.source.path,
    )
  if (isListed) return { ...list, isList: true, branches: carriers }
  const next = nextOf(carriers)
  const candidate = next === undefined || next.prefix !== undefined ? undefined : spotOf(next)
  return candidate === undefined ? from : descended(candidate)
}

/** The one that gathers routes, if the others do not count beside it. */
function nextOf(carriers: readonly Branch[]): Branch | undefined {
  const gathering = carriers.filter(isGatherer)
  const general = gathering.filter(isGeneral)
  const [next] = general.length === 1 ? general : gathering
  if (next === undefined || (gathering.length > 1 && general.length !== 1)) return undefined
  const beside = carriers.length - 1
  const inside = next.branches.filter(carriesRoutes).length
  return beside < Math.max(inside, isGeneral(next) ? 2 : 1) ? next : undefined
}

/** Whether a function or plugin registers others of the project, or adds all routes by its name. */
function isGatherer(branch: Branch): boolean {
  const path = branch.spot?.source.path
  if (branch.branches.some((one) => isOther(one, path))) return true
  return branch.by === 'call' && isGeneral(branch) && carriesRoutes(branch)
}

function isGeneral({ label, spot }: Branch): boolean {
  const names = [label.replace(/^.*\./, ''), spot?.name.replace(/^.*\./, '') ?? '']
  return names.some((name) => GENERAL.test(name))
}

/** Whether it is of another file, or leads to one; a mere helper has no routes. */
function isOther(branch: Branch, path: string | undefined): boolean {
  const { by, spot, list, isUnknown, branches } = branch
  const isHere = spot === undefined ? list === undefined && !isUnknown : spot.source.path === path
  if (isHere) return branches.some((one) => isOther(one, path))
  return by === 'register' || carriesRoutes(branch)
}

function spotOf({ spot, branches }: Branch): Candidate | undefined {
  return spot && { ...spot, branches }
}

/** An exported function that is given an instance. */
interface GivenFunction extends Candidate {
  readonly routes: number
  /** What the rest of the project is likely to be reached from: 2 if it is what is started. */
  readonly weight: number
}

function functionsIn(files: readonly Searched[], modules: Modules): readonly GivenFunction[] {
  return files.flatMap(({ source, sites, flows, isImported, isStarted }) =>
    sites.parameters.map(({ name, line }, index): GivenFunction => {
      const flow = flows.parameters[index]
      const branches = flow === undefined ? [] : branchesOf(source, flow, modules)
      const isAlone = sites.parameters.length === 1 && sites.instances.length === 0
      const weight = isStarted ? 2 : isImported ? 0 : 1
      return { source, name, line, isAlone, branches, routes: flow?.routes ?? 0, weight }
    }),
  )
}

/** The lists of the files, those with items if there are any. */
function listsIn(files: readonly Searched[]): readonly Candidate[] {
  const lists = files.flatMap(({ source, sites }) =>
    sites.lists.map(({ name, line, registers }) => ({
      registers,
      candidate: { source, name, line, isList: true, branches: [] },
    })),
  )
  const filled = lists.filter(({ registers }) => registers > 0)
  return (filled.length > 0 ? filled : lists).map(({ candidate }) => candidate)
}

/**
 * Where no instance is found: what `fastify start` is given, or else the functions that register
 * others. One of them that leaves out plugins of the project is no app: those are loaded elsewhere.
 */
function mainFunctions(functions: readonly GivenFunction[]): readonly Candidate[] {
  const started = functions.filter(({ weight }) => weight === 2)
  if (started.length > 0) return started
  const free = unreached(functions)
  const gathering = gatherers(functions)
  const usual = gathering.filter((one) => one.weight > 0)
  if (usual.length > 0) return usual
  const isLeftOut = free.some((one) => one.routes > 0 && !gathering.includes(one))
  return isLeftOut ? [] : gathering
}

/** The functions that register something of the project and are not reached from another one. */
function gatherers(functions: readonly GivenFunction[]): readonly GivenFunction[] {
  return unreached(functions).filter(({ source, branches }) =>
    branches.some((one) => isOther(one, source.path)),
  )
}

function unreached(functions: readonly GivenFunction[]): readonly GivenFunction[] {
  const reached = new Set(functions.flatMap(({ branches }) => branches.flatMap(keysBelow)))
  return functions.filter(({ source, name }) => !reached.has(keyOf(source, name)))
}

function keysBelow({ spot, branches }: Branch): readonly string[] {
  return [...(spot ? [keyOf(spot.source, spot.name)] : []), ...branches.flatMap(keysBelow)]
}

function keyOf({ path }: SourceText, name: string): string {
  return `${path}#${name}`
}

/** The app is built in one expression that no variable holds, so what else takes plugins is not it. */
export function isChained(files: readonly Searched[]): boolean {
  const usual = files.filter(({ isImported }) => !isImported)
  return (
    usual.some(({ sites }) => sites.chain) &&
    usual.every(({ sites }) => sites.instances.length === 0)
  )
}
