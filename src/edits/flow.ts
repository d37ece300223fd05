import type { ts } from 'ts-morph'
import { callOf } from './calls.ts'
import { methodsOf, topFunctions } from './functions.ts'
import { type Holder, isHeld, isInstance } from './holders.ts'
import { callsOn, routesOn } from './instance-bodies.ts'
import { survey, withAliases } from './instances.ts'
import { objectOf, propertyOf } from './option-values.ts'
import { isOwnModule } from './origins.ts'
import { literalOf, loopedOver } from './plugin-lists.ts'
import { bare, declarationOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'
import { staticText } from './static-path.ts'
import { type Exported, targetOf } from './targets.ts'

/** How a function is given an instance: as which argument, or as which property of it. */
export interface Given {
  readonly index: number
  readonly key?: string
}

/** A prefix as it is written, and what it is, if that is a plain text. */
export interface Prefix {
  readonly written: string
  readonly text?: string
}

/** A plugin or function that an instance is handed on to. */
export interface Step {
  /** `app.register(target)`, or `target(app)`. */
  readonly by: 'register' | 'call'
  readonly given: Given
  /** What is put before its routes. */
  readonly prefix?: Prefix
  /** The name of the list that it is an item of, or that is imported as a whole. */
  readonly list?: string
  /** What it is called here. */
  readonly label: string
  readonly to: StepTarget
}

/** A top-level function of the file, another module's export, a function written in place, or an unknown value. */
export type StepTarget =
  | { readonly kind: 'local'; readonly name: string }
  | ({ readonly kind: 'module' } & Exported)
  | { readonly kind: 'inline'; readonly flow: Flow }
  | { readonly kind: 'unknown' }

/** What is done with an instance in one file. */
export interface Flow {
  readonly steps: readonly Step[]
  /** How many routes are added to it directly. */
  readonly routes: number
}

/** Nothing at all. */
export const noFlow: Flow = { steps: [], routes: 0 }

const DEPTH = 4

/** What is done with what the holders keep: registrations, functions that it is handed to, routes. */
export function flowOf(source: Source, holders: readonly Holder[], depth = DEPTH): Flow {
  if (depth === 0 || holders.length === 0) return noFlow
  const all = withAliases(source, holders)
  const steps = stepsOf(source, all, depth).map(({ call: _, ...step }) => step)
  return { steps, routes: routesOn(source, all).length }
}

/** The calls that register or are handed what the holders keep, for something of the project. */
export function ownCalls(
  source: Source,
  holders: readonly Holder[],
  own: readonly string[] = [],
): readonly ts.CallExpression[] {
  const isOwn = ({ to, list }: Step) =>
    to.kind === 'module' ? isOwnModule(to.from, own) : to.kind !== 'unknown' || list !== undefined
  return stepsOf(source, holders, 1).flatMap(({ call, ...step }) => (isOwn(step) ? [call] : []))
}

type StepAt = Step & { readonly call: ts.CallExpression }

function stepsOf(source: Source, holders: readonly Holder[], depth: number): readonly StepAt[] {
  const registered = callsOn(source, holders).flatMap((call) => registration(source, call, depth))
  return [...registered, ...handings(source, holders, depth)].sort(
    (a, b) => a.call.pos - b.call.pos,
  )
}

function registration(source: Source, call: ts.CallExpression, depth: number): readonly StepAt[] {
  const [plugin, options] = call.arguments
  if (plugin === undefined) return []
  const prefix = prefixIn(source, options)
  const common = { by: 'register', given: { index: 0 } } as const
  const step = { ...common, ...(prefix === undefined ? {} : { prefix }) }
  return aimed(source, plugin, depth, step.given).map((aim) => ({ ...step, ...aim, call }))
}

/** The calls of plain functions, and of methods of something else, that are given the instance. */
function handings(source: Source, holders: readonly Holder[], depth: number): readonly StepAt[] {
  const calls = [...survey(source).calls.values()].flat()
  return calls.flatMap((call) => {
    const given = givenIn(call, holders)
    const root = callOf(call)?.root
    if (given === undefined || (root !== undefined && isHeld(holders, root))) return []
    const step = { by: 'call', given } as const
    return aimed(source, call.expression, depth, given).map((aim) => ({ ...step, ...aim, call }))
  })
}

function givenIn(
  { arguments: list }: ts.CallExpression,
  holders: readonly Holder[],
): Given | undefined {
  const t = typescript()
  for (const [index, argument] of list.entries()) {
    if (isInstance(argument, holders)) return { index }
    if (!t.isObjectLiteralExpression(argument)) continue
    for (const property of argument.properties) {
      const value = t.isShorthandPropertyAssignment(property)
        ? property.name
        : t.isPropertyAssignment(property)
          ? property.initializer
          : undefined
      const name = property.name
      if (value === undefined || name === undefined || !t.isIdentifier(name)) continue
      if (isInstance(value, holders)) return { index, key: name.text }
    }
  }
  return undefined
}

type Aim = Pick<Step, 'to' | 'label' | 'list'>

/** What is registered or called: one thing, or every item of a list that a loop goes over. */
function aimed(
  source: Source,
  expression: ts.Expression,
  depth: number,
  given: Given,
): readonly Aim[] {
  const t = typescript()
  const node = bare(expression)
  const label = labelOf(source, node)
  const item = t.isIdentifier(node) ? declarationOf(node) : undefined
  const looped = item && loopOf(item)
  if (looped === undefined) return [{ label, to: aimAt(source, node, depth, given) }]
  const list = literalOf(looped.over)
  if (list === undefined) {
    const whole = targetOf(looped.over)
    const isImported = whole !== undefined && 'from' in whole && looped.key === undefined
    const to = isImported ? ({ kind: 'module', ...whole } as const) : ({ kind: 'unknown' } as const)
    const name = looped.over.getText(source.file)
    return [{ label: name, to, ...(isImported ? { list: name } : {}) }]
  }
  return list.literal.elements.flatMap((element) => {
    const value = looped.key === undefined ? element : partOf(element, looped.key)
    if (value === undefined) return []
    const aim = { label: labelOf(source, value), to: aimAt(source, value, depth, given) }
    return looped.key === undefined ? [{ ...aim, list: list.name }] : [aim]
  })
}

/** The items of a list whose loop is elsewhere. */
export function listSteps(
  source: Source,
  { elements }: ts.ArrayLiteralExpression,
  given: Given,
): readonly Step[] {
  return elements.map((element) => ({
    by: 'call',
    given,
    label: labelOf(source, element),
    to: aimAt(source, element, DEPTH, given),
  }))
}

function labelOf({ file }: Source, node: ts.Node): string {
  return node.getText(file).slice(0, 80)
}

/** What a loop goes over, for its variable or for a part of that: `for (const { plugin } of list)`. */
function loopOf(item: ts.Node): { over: ts.Expression; key?: string } | undefined {
  const t = typescript()
  const over = loopedOver(item)
  if (over !== undefined) return { over }
  if (!t.isBindingElement(item)) return undefined
  const outer = loopedOver(item.parent.parent)
  const key = item.propertyName ?? item.name
  return outer && t.isIdentifier(key) ? { over: outer, key: key.text } : undefined
}

function partOf(element: ts.Expression, key: string): ts.Expression | undefined {
  const object = objectOf(element)
  return object && propertyOf(object, key)
}

function aimAt(source: Source, node: ts.Expression, depth: number, given: Given): StepTarget {
  const target = targetOf(node)
  if (target === undefined) return { kind: 'unknown' }
  if ('from' in target) return { kind: 'module', ...target }
  const name = nameOf(source, target.node)
  if (name !== undefined) return { kind: 'local', name }
  const holder = givenHolder(target.node, given)
  return { kind: 'inline', flow: flowOf(source, holder === undefined ? [] : [holder], depth - 1) }
}

/** The name of a function of the file that `within` of an op takes. */
export function nameOf(source: Source, node: ts.Node): string | undefined {
  return [...topFunctions(source), ...methodsOf(source)].find((fn) => fn.node === node)?.name
}

/** What holds the instance in a function that is given it so. */
export function givenHolder(node: ts.Node, { index, key }: Given): Holder | undefined {
  const t = typescript()
  if (!t.isFunctionLike(node)) return undefined
  const parameter = node.parameters[index]
  if (parameter === undefined) return undefined
  if (t.isIdentifier(parameter.name)) {
    return { node: parameter, ...(key === undefined ? {} : { member: `.${key}` }) }
  }
  if (key === undefined || !t.isObjectBindingPattern(parameter.name)) return undefined
  const isNamed = (name: ts.Node) => t.isIdentifier(name) && name.text === key
  const element = parameter.name.elements.find((one) => isNamed(one.propertyName ?? one.name))
  return element && { node: element }
}

/** The prefix that options of a registration put before the routes. */
function prefixIn(source: Source, options: ts.Expression | undefined): Prefix | undefined {
  const t = typescript()
  if (options === undefined) return undefined
  const node = bare(options)
  if (t.isFunctionLike(node)) return { written: node.getText(source.file) }
  const object = objectOf(node)
  const value = object && propertyOf(object, 'prefix')
  if (value === undefined) return undefined
  const text = staticText(value)
  return { written: value.getText(source.file), ...(text === undefined ? {} : { text }) }
}
