import type { Flow, Given, Prefix, Step } from '../edits/flow.ts'
import { type Reached, reachExport, reachLocal } from '../edits/reached.ts'
import type { Exported } from '../edits/targets.ts'
import type { Modules } from './modules.ts'
import type { SourceText } from './sources.ts'

/** Where something can be put in. */
export interface Spot {
  readonly source: SourceText
  /** The function or list, as `within` takes it. */
  readonly name: string
  /** One-based. */
  readonly line: number
}

/** A function or plugin of the project that an instance comes to, and where it goes from there. */
export interface Branch {
  readonly by: Step['by']
  readonly label: string
  /** What is put before its routes. */
  readonly prefix?: Prefix
  /** Undefined where nothing can be put in: it stands in an expression, or could not be read. */
  readonly spot?: Spot
  /** The list of which it is an item. */
  readonly list?: Spot
  /** Routes that it adds directly. */
  readonly routes: number
  /** Whether plugins are registered in it directly, those of packages included. */
  readonly registers: boolean
  readonly branches: readonly Branch[]
  /** Whether it could not be read, so that only its name tells what it is for. */
  readonly isUnknown: boolean
}

const DEPTH = 6
const ROUTES = /rout|controller|endpoint|handler|resource|module/i

/** Follows what is done with an instance in a file into the functions and plugins of other files. */
export function branchesOf(
  source: SourceText,
  { steps }: Flow,
  modules: Modules,
  depth = DEPTH,
): readonly Branch[] {
  if (depth === 0) return []
  return steps.flatMap((step) => branchesAt(source, step, modules, depth))
}

/** Whether routes come from it, as far as it could be followed. */
export function carriesRoutes({ routes, branches, isUnknown, label }: Branch): boolean {
  return routes > 0 || branches.some(carriesRoutes) || (isUnknown && ROUTES.test(label))
}

/** Whether plugins are registered along the way. */
export function addsPlugins({ by, registers, branches }: Branch): boolean {
  return by === 'register' || registers || branches.some(addsPlugins)
}

function addedIn({ routes, steps }: Flow): Pick<Branch, 'routes' | 'registers'> {
  return { routes, registers: steps.some(({ by }) => by === 'register') }
}

function branchesAt(
  source: SourceText,
  step: Step,
  modules: Modules,
  depth: number,
): readonly Branch[] {
  const { by, label, given, to, list, prefix } = step
  const common = { by, label, ...(prefix === undefined ? {} : { prefix }) }
  const item = list === undefined ? {} : { list: { source, name: list, line: 1 } }
  if (to.kind === 'unknown') return [{ ...common, ...item, ...unread }]
  if (to.kind === 'inline') {
    const branches = branchesOf(source, to.flow, modules, depth - 1)
    return [{ ...common, ...item, ...addedIn(to.flow), branches, isUnknown: false }]
  }
  const found =
    to.kind === 'local'
      ? followed(source, reachLocal(source.path, source.text, to.name, given), given, modules)
      : imported(source, to, given, modules)
  if (found === 'foreign') return []
  if (found === undefined)
    return [{ ...common, ...item, ...unread, label: `${label} ${specifierOf(step)}` }]
  const { file, reached } = found
  if (reached.kind === 'list') {
    const spot = { source: file, name: reached.name, line: reached.line }
    const items = branchesOf(file, { steps: reached.steps, routes: 0 }, modules, depth - 1)
    return items.map((branch) => ({ ...branch, ...common, label: branch.label, list: spot }))
  }
  const { name, line, flow } = reached
  // What was generated here is never the place of something else.
  if (modules.isGenerated(file.path)) {
    const added = { ...addedIn(flow), routes: flow.steps.length }
    return [{ ...common, ...item, ...added, branches: [], isUnknown: false }]
  }
  return [
    {
      ...common,
      ...item,
      ...(name === undefined ? {} : { spot: { source: file, name, line } }),
      ...addedIn(flow),
      branches: branchesOf(file, flow, modules, depth - 1),
      isUnknown: false,
    },
  ]
}

const unread = { routes: 0, registers: false, branches: [], isUnknown: true } as const

function specifierOf({ to }: Step): string {
  return to.kind === 'module' ? to.from : ''
}

interface Found {
  readonly file: SourceText
  readonly reached: Exclude<Reached, { readonly kind: 'elsewhere' }>
}

function imported(
  source: SourceText,
  exported: Exported,
  given: Given,
  modules: Modules,
  depth = DEPTH,
): Found | 'foreign' | undefined {
  const file = modules.resolve(exported.from, source.path)
  if (file === undefined) return modules.isOwn(exported.from) ? undefined : 'foreign'
  return followed(file, reachExport(file.path, file.text, exported, given), given, modules, depth)
}

function followed(
  file: SourceText,
  reached: Reached | undefined,
  given: Given,
  modules: Modules,
  depth = DEPTH,
): Found | 'foreign' | undefined {
  if (reached === undefined) return undefined
  if (reached.kind !== 'elsewhere') return { file, reached }
  if (depth === 0) return undefined
  const found = reached.from.map((one) => imported(file, one, given, modules, depth - 1))
  return found.find((one) => one !== undefined && one !== 'foreign') ?? found[0]
}
