import type { ts } from 'ts-morph'
import { exportsOf } from './exported-names.ts'
import { type Flow, flowOf, type Given, givenHolder, listSteps, nameOf, type Step } from './flow.ts'
import { blockOf, methodsOf, topFunctions } from './functions.ts'
import { type Holder, isHeld } from './holders.ts'
import { importedInstances } from './imported-instances.ts'
import { callsOn } from './instance-bodies.ts'
import { type Instance, survey } from './instances.ts'
import { lineNumber } from './lines.ts'
import { instanceParameters } from './parameters.ts'
import { bare, unitOf } from './scopes.ts'
import { parse, type Source, typescript } from './source-file.ts'
import { type Exported, exportedTarget, starExports, targetOf } from './targets.ts'

/** What an instance comes to where it is handed on. */
export type Reached =
  | {
      readonly kind: 'function'
      /** What `within` of an op takes; undefined if nothing can be put into it. */
      readonly name?: string
      /** One-based. */
      readonly line: number
      readonly flow: Flow
    }
  | {
      readonly kind: 'list'
      readonly name: string
      readonly line: number
      readonly steps: readonly Step[]
    }
  /** Another module has it, or one of several does. */
  | { readonly kind: 'elsewhere'; readonly from: readonly Exported[] }

/** An instance that a file builds, as far as others use it. */
export interface BuiltFlow {
  readonly flow: Flow
  /** Whether it listens, or is returned or exported so that others can let it listen. */
  readonly isServed: boolean
  /** Whether it is closed here: a script that only needs an instance for a moment does so. */
  readonly isClosed: boolean
  /** Whether other files can import it by itself. */
  readonly isExported: boolean
  /** The function that builds and returns it. */
  readonly builder?: string
}

/** What becomes of the instances that a file builds, and of those that its functions are handed. */
export interface FileFlows {
  /** In the order of the sites of the file. */
  readonly instances: readonly BuiltFlow[]
  readonly parameters: readonly Flow[]
  /** What may be an instance of another module, by the name that it has here. */
  readonly imported: readonly (Exported & { readonly name: string })[]
}

/** Follows the instances of one file, in the order of `fastifySites`. */
export function fastifyFlows(path: string, text: string): FileFlows {
  const source = sourceOf(path, text)
  const { instances } = survey(source)
  const isBuilt = (node: ts.Node) =>
    instances.some(({ holders }) => holders.some((holder) => holder.node === node))
  return {
    instances: instances.map((instance) => builtFlow(source, instance)),
    parameters: instanceParameters(source)
      .filter(({ parameter }) => !isBuilt(parameter))
      .map(({ parameter }) => flowOf(source, [{ node: parameter }])),
    imported: importedInstances(source).map(({ label: name, origin }) => ({ ...origin, name })),
  }
}

/** What is done with an instance that a function of the project returned: `const app = await build()`. */
export function resultFlow(
  path: string,
  text: string,
  isBuilder: (target: Exported | { readonly local: string }) => boolean,
): Flow {
  const source = sourceOf(path, text)
  const builds = (expression: ts.Expression): boolean => {
    const t = typescript()
    const node = bare(expression)
    if (!t.isCallExpression(node)) return false
    const target = targetOf(node.expression)
    if (target === undefined) return false
    if ('from' in target) return isBuilder(target)
    const local = nameOf(source, target.node)
    return local !== undefined && isBuilder({ local })
  }
  return flowOf(source, [...variablesOf(source, builds), ...thenParameters(source, builds)])
}

function variablesOf(source: Source, builds: (node: ts.Expression) => boolean): readonly Holder[] {
  const { isVariableDeclaration } = typescript()
  return survey(source).kept.flatMap((node) =>
    isVariableDeclaration(node) && node.initializer && builds(node.initializer) ? [{ node }] : [],
  )
}

function thenParameters(
  source: Source,
  builds: (node: ts.Expression) => boolean,
): readonly Holder[] {
  const t = typescript()
  const calls = survey(source).calls.get('then') ?? []
  return calls.flatMap(({ expression: callee, arguments: [callback] }) => {
    if (!t.isPropertyAccessExpression(callee) || !builds(callee.expression)) return []
    const holder = callback && givenHolder(bare(callback), { index: 0 })
    return holder === undefined ? [] : [holder]
  })
}

/** What a file has under an exported name, for who is given an instance so. */
export function reachExport(
  path: string,
  text: string,
  { imported, isMade }: Pick<Exported, 'imported' | 'isMade'>,
  given: Given,
): Reached | undefined {
  const source = sourceOf(path, text)
  const target = exportedTarget(source, imported)
  if (target === undefined) {
    const from = starExports(source).map((one) => ({ from: one, imported }))
    return from.length === 0 ? undefined : { kind: 'elsewhere', from }
  }
  if ('from' in target)
    return { kind: 'elsewhere', from: [{ ...target, ...(isMade ? { isMade } : {}) }] }
  return reachNode(source, target.node, given, isMade === true)
}

/** What a function of the file does with the instance that it is given. */
export function reachLocal(path: string, text: string, name: string, given: Given) {
  const source = sourceOf(path, text)
  const node = namedNode(source, name)
  return node && reachNode(source, node, given, false)
}

function namedNode(source: Source, name: string): ts.Node | undefined {
  return [...topFunctions(source), ...methodsOf(source)].find((fn) => fn.name === name)?.node
}

function reachNode(
  source: Source,
  node: ts.Node,
  given: Given,
  isMade: boolean,
): Reached | undefined {
  const t = typescript()
  const line = lineNumber(source.text, node.getStart(source.file))
  if (t.isArrayLiteralExpression(node)) {
    const name = listName(node)
    return name === undefined
      ? undefined
      : { kind: 'list', name, line, steps: listSteps(source, node, given) }
  }
  if (!t.isFunctionLike(node)) return undefined
  const made = isMade ? returned(node) : node
  if (made === undefined) return undefined
  const holder = givenHolder(made, isMade ? { index: 0 } : given)
  const flow = flowOf(source, holder === undefined ? [] : [holder])
  const name = isMade || blockOf(node) === undefined ? undefined : nameOf(source, node)
  return { kind: 'function', line, flow, ...(name === undefined ? {} : { name }) }
}

/** The function that a function returns. */
function returned(node: ts.SignatureDeclaration): ts.Node | undefined {
  const t = typescript()
  const { body } = node as { body?: ts.Node }
  if (body === undefined) return undefined
  const values = t.isBlock(body)
    ? body.statements.flatMap((one) => (t.isReturnStatement(one) ? (one.expression ?? []) : []))
    : [body]
  const target = values.map((value) => targetOf(value)).find((one) => one !== undefined)
  return target !== undefined && 'node' in target ? target.node : undefined
}

/** What an op on list items takes for an array literal. */
function listName(node: ts.ArrayLiteralExpression): string | undefined {
  const t = typescript()
  let outer: ts.Node = node
  while (t.isExpression(outer.parent) && bare(outer.parent) === node) outer = outer.parent
  const { parent } = outer
  if (t.isVariableDeclaration(parent) && t.isIdentifier(parent.name)) return parent.name.text
  if (t.isExportAssignment(parent)) return 'default'
  const isAssigned = t.isBinaryExpression(parent) && parent.right === outer
  return isAssigned ? parent.left.getText() : undefined
}

function builtFlow(source: Source, instance: Instance): BuiltFlow {
  const { holders, builds, isField } = instance
  const [build] = builds
  const around = topFunctions(source).find(
    ({ node }) => build && node.pos <= build.pos && build.end <= node.end,
  )
  const isExported = exportsOne(source, holders)
  const isGivenOut = isExported || leavesFile(source, holders)
  const isListening = callsOn(source, holders, 'listen').length > 0
  return {
    flow: flowOf(source, holders),
    isServed: isField || isListening || isGivenOut,
    isClosed: callsOn(source, holders, 'close').length > 0,
    isExported,
    ...(around === undefined || !isGivenOut ? {} : { builder: around.name }),
  }
}

/** Whether what the holders keep is exported by itself. */
function exportsOne(source: Source, holders: readonly Holder[]): boolean {
  const t = typescript()
  const { names, values } = exportsOf(source)
  if (values.some(({ value }) => isHeld(holders, value))) return true
  return holders.some(({ node }) => {
    if (!t.isVariableDeclaration(node) || !t.isIdentifier(node.name)) return false
    if (unitOf(node) !== source.file) return false
    const { modifiers } = node.parent.parent as { modifiers?: readonly ts.Node[] }
    const isMarked = modifiers?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword) ?? false
    return isMarked || names.has(node.name.text)
  })
}

/** Whether what the holders keep is returned or exported, by itself or as a part. */
function leavesFile(source: Source, holders: readonly Holder[]): boolean {
  const t = typescript()
  let found = false
  const visit = (node: ts.Node): void => {
    if (found) return
    const isName = t.isIdentifier(node) || t.isPropertyAccessExpression(node)
    if (isName && isHeld(holders, node) && leaves(node)) found = true
    else t.forEachChild(node, visit)
  }
  visit(source.file)
  return found
}

/** Whether a value goes out of its function or file where it stands, whatever is made of it. */
function leaves(node: ts.Node): boolean {
  const t = typescript()
  const { parent } = node
  if (t.isReturnStatement(parent) || t.isExportAssignment(parent)) return true
  if (t.isArrowFunction(parent)) return parent.body === node
  if (t.isVariableDeclaration(parent)) {
    const { modifiers } = parent.parent.parent as { modifiers?: readonly ts.Node[] }
    return modifiers?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword) ?? false
  }
  if (t.isBinaryExpression(parent)) return /^(?:module\.)?exports\b/.test(parent.left.getText())
  const isPart =
    t.isShorthandPropertyAssignment(parent) ||
    t.isPropertyAssignment(parent) ||
    t.isObjectLiteralExpression(parent) ||
    t.isAwaitExpression(parent) ||
    t.isAsExpression(parent) ||
    t.isParenthesizedExpression(parent) ||
    (t.isCallExpression(parent) && parent.arguments.some((argument) => argument === node))
  return isPart && leaves(parent)
}

function sourceOf(path: string, text: string): Source {
  return parse({ path, text: text.replace(/^\uFEFF/, '') })
}
