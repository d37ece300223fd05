import { sharedInstance, sharedUse } from '../edits/shared-instances.ts'
import type { FastifySite } from '../edits/sites.ts'
import type { Exported } from '../edits/targets.ts'
import { addsPlugins, type Branch, branchesOf, carriesRoutes, type Spot } from './flow.ts'
import type { Modules } from './modules.ts'
import type { Searched } from './searched.ts'
import { isUsual } from './sources.ts'

/** What a file does with an instance that another one exports. */
export interface Use extends Spot {
  readonly site: FastifySite
  readonly branches: readonly Branch[]
  readonly routes: number
  /** How many plugins and functions it is given to there, those of packages included. */
  readonly steps: number
  /** Whether plugins or routes of functions come in there, so that more may. */
  readonly registers: boolean
  readonly starts: boolean
  /** Whether package.json starts the app with the file. */
  readonly isEntry: boolean
}

/** An instance by the file that builds it, and its index there; undefined if no variable holds it. */
interface Built {
  readonly path: string
  readonly index: number | undefined
}

const DEPTH = 6
const SCRIPTS = /(^|\/)(scripts?|bench\w*)\/|^(tools?|tasks|seeds?|codegen|migrations?)\//i
const PROGRAMS = /(^|\/)(bin|cli)\//i
/** A file that may export again what another one exports. */
const BARREL =
  /\bexport\s*[*{]|\bexport\s+default\s*\{|\bexport\s+(?:default|const\s+\w+\s*=)\s*[\w.]+\s*;?\s*$|\bexports\b/m

/** What becomes of each instance in the files that import it; scripts don't count. */
export function usesIn(
  files: readonly Searched[],
  modules: Modules,
): (path: string, index: number | undefined) => readonly Use[] {
  const exporters = files.filter(
    ({ flows, sites }) => sites.chain || flows.instances.some(({ isExported }) => isExported),
  )
  const paths = new Set(exporters.map(({ source }) => source.path))
  const uses = paths.size === 0 ? [] : files.flatMap((file) => usesBy(file, paths, modules))
  return (path, index) =>
    uses.flatMap(({ of, use }) => (of.path === path && of.index === index ? [use] : []))
}

function usesBy(
  { source, flows, isEntry }: Searched,
  exporters: ReadonlySet<string>,
  modules: Modules,
): readonly { readonly of: Built; readonly use: Use }[] {
  if (SCRIPTS.test(source.path)) return []
  return flows.imported.flatMap((imported) => {
    const of = builtBy(source.path, imported, exporters, modules)
    const found = of && sharedUse(source.path, source.text, imported.name)
    if (of === undefined || found === undefined) return []
    const { site, flow, starts } = found
    if (PROGRAMS.test(source.path) && !starts) return []
    const branches = branchesOf(source, flow, modules)
    const registers =
      site.registers > 0 || branches.some((one) => addsPlugins(one) || carriesRoutes(one))
    const { name, line } = site
    const { routes, steps } = flow
    const use = { source, name, line, site, branches, routes, registers, starts, isEntry }
    return [{ of, use: { ...use, steps: steps.length } }]
  })
}

/** The instance that an import comes to, through whatever exports it again. */
function builtBy(
  path: string,
  { from, imported }: Exported,
  exporters: ReadonlySet<string>,
  modules: Modules,
  depth = DEPTH,
): Built | undefined {
  const file = depth === 0 ? undefined : modules.resolve(from, path)
  if (file === undefined || !(exporters.has(file.path) || BARREL.test(file.text))) return undefined
  const shared = sharedInstance(file.path, file.text, imported)
  if (shared?.kind !== 'elsewhere') return shared && { path: file.path, index: shared.index }
  for (const one of shared.from) {
    const built = builtBy(file.path, one, exporters, modules, depth - 1)
    if (built !== undefined) return built
  }
  return undefined
}

/**
 * Where an instance grows that other files import: the file that registers on it, of several the one
 * that lets it listen, or is started. More than one if they are equal; none if nobody else registers.
 *
 * @param exporter the file that builds it, and whether it listens there
 */
export function growingIn(
  uses: readonly Use[],
  exporter: Spot & { readonly starts: boolean },
  files: readonly Searched[],
  modules: Modules,
): readonly Use[] {
  const registering = uses.filter(({ registers }) => registers)
  if (registering.length === 0) return []
  const others = files.filter(({ source }) => source.path !== exporter.source.path)
  const starting = [
    ...[exporter, ...uses].filter(({ starts }) => starts),
    ...others.filter(({ isEntry }) => isEntry),
  ]
  const usual = others.filter(({ source }) => isUsual(source.path))
  const served = servedBy([starting, usual], registering, modules)
  const isSure = (is: (use: Use) => boolean) => served.filter(is).length === 1
  const certain = [(use: Use) => use.starts, (use: Use) => use.isEntry].find(isSure)
  return certain === undefined ? served : served.filter(certain)
}

/** What the first files reach that reach any; all of it if there is nothing to reach it from. */
function servedBy(
  groups: readonly (readonly Pick<Spot, 'source'>[])[],
  registering: readonly Use[],
  modules: Modules,
): readonly Use[] {
  if (groups.every(({ length }) => length === 0)) return registering
  for (const group of groups) {
    const reached = reachedFrom(
      group.map(({ source }) => source),
      modules,
    )
    const served = registering.filter(({ source }) => reached.has(source.path))
    if (served.length > 0) return served
  }
  return []
}

/** The files that some files import, and they themselves. */
function reachedFrom(from: readonly Spot['source'][], modules: Modules): ReadonlySet<string> {
  const reached = new Set<string>()
  const edge = [...from]
  for (let source = edge.pop(); source !== undefined; source = edge.pop()) {
    if (reached.has(source.path)) continue
    reached.add(source.path)
    edge.push(...modules.importsOf(source).flatMap((stem) => modules.at(stem) ?? []))
  }
  return reached
}
