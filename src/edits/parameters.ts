import type { ts } from 'ts-morph'
import { chainRoot } from './calls.ts'
import { type TopFunction, topFunctions } from './functions.ts'
import { type Holder, holderOf } from './holders.ts'
import { callsOn, routesOn } from './instance-bodies.ts'
import { callsOfMethod, survey } from './instances.ts'
import { isBuilder, originOf } from './origins.ts'
import { declarationOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** A function that is handed a Fastify instance. */
export interface InstanceParameter {
  readonly fn: TopFunction
  readonly parameter: ts.ParameterDeclaration & { readonly name: ts.Identifier }
}

const INSTANCE = /^Fastify(?:\w+)?Instance$/
const OF_RESULT = /^(?:ReturnType|Awaited)$/
const BUILDS = /(?:app|server|fastify|instance)$/i
const DOCUMENTED = /@param\s+\{[^}\n]*FastifyInstance\b[^\n]*?\}\s+\[?([\w$]+)/
const ADDS =
  /^(?:register|addHook|addSchema|addContentTypeParser|decorate(?:Request|Reply)?|set(?:ErrorHandler|NotFoundHandler|\w+Compiler))$/
/** What an instance is called. */
const CALLED = /(?:^|\.)(?:app|server|fastify|instance|api)$/i
const PLUGIN = /^FastifyPlugin(?:Async|Callback|$)/

/** The exported functions of a file that are handed a Fastify instance. */
export function instanceParameters(source: Source): InstanceParameter[] {
  return topFunctions(source).flatMap((fn) => {
    const parameter = fn.isExported ? instanceParameter(source, fn) : undefined
    return parameter === undefined ? [] : [{ fn, parameter }]
  })
}

function instanceParameter(
  source: Source,
  fn: TopFunction,
): InstanceParameter['parameter'] | undefined {
  const { parameters } = fn.node
  const typed = typedParameter(source, fn.node)
  if (typed !== undefined) return typed
  const [first] = parameters
  if (first === undefined || !isNamedParameter(first)) return undefined
  return isPlugin(fn) || isPluginByHabit(source, fn, first) ? first : undefined
}

/** The parameter of a function that is typed as a Fastify instance, in TypeScript or JSDoc. */
export function typedParameter(
  source: Source,
  fn: ts.SignatureDeclaration,
): InstanceParameter['parameter'] | undefined {
  const { findAncestor, isSourceFile } = typescript()
  const statement = findAncestor(fn, ({ parent }) => parent === undefined || isSourceFile(parent))
  const above = source.text.slice(statement?.pos ?? fn.pos, fn.getStart(source.file))
  const documented = DOCUMENTED.exec(above)?.[1]
  return fn.parameters
    .filter(isNamedParameter)
    .find(({ type, name }) => (type ? refersTo(type, INSTANCE) : name.text === documented))
}

/** Whether a parameter has a name; others are patterns. */
export function isNamedParameter(
  node: ts.ParameterDeclaration,
): node is InstanceParameter['parameter'] {
  return typescript().isIdentifier(node.name)
}

/** What a function is given, and how it is written there. */
export interface GivenInstance {
  readonly holder: Holder
  readonly expression: string
}

/** The parameter, or the part of one, that a function uses as an instance: by what it calls on it, or by its name. */
export function usedInstance(
  source: Source,
  fn: ts.SignatureDeclaration,
): GivenInstance | undefined {
  const isInside = (node: ts.Node) => fn.pos <= node.pos && node.end <= fn.end
  const isGiven = (node: ts.Node | undefined) =>
    node !== undefined && fn.parameters.some(({ pos, end }) => pos <= node.pos && node.end <= end)
  const given = (expression: ts.Expression): GivenInstance[] => {
    const { isIdentifier, isPropertyAccessExpression } = typescript()
    const isMember = isPropertyAccessExpression(expression)
    const name = isMember ? expression.expression : expression
    if (!isIdentifier(name) || !isGiven(declarationOf(name))) return []
    return [{ holder: holderOf(expression), expression: expression.getText(source.file) }]
  }
  const registering = callsOfMethod(source, 'register').filter(isInside)
  const [used] = registering.flatMap((call) => given(chainRoot(call)))
  if (used !== undefined) return used
  const calls = [...survey(source).calls.values()].flat().filter(isInside)
  const handed = calls
    .sort((a, b) => a.pos - b.pos)
    .flatMap((call) => [chainRoot(call), ...call.arguments].flatMap(given))
  return handed.find(({ expression }) => CALLED.test(expression))
}

/** Whether a type is one of Fastify's by this name, also under an alias or with arguments. */
function refersTo(type: ts.TypeNode, name: RegExp, depth = 5): boolean {
  const t = typescript()
  if (depth === 0) return false
  if (t.isIntersectionTypeNode(type)) return type.types.some((one) => refersTo(one, name, depth))
  if (t.isImportTypeNode(type)) {
    const { qualifier } = type
    return qualifier !== undefined && t.isIdentifier(qualifier) && name.test(qualifier.text)
  }
  if (!t.isTypeReferenceNode(type)) return false
  const { typeName } = type
  if (!t.isIdentifier(typeName)) return name.test(typeName.right.text)
  if (name.test(typeName.text)) return true
  const [argument] = type.typeArguments ?? []
  if (argument !== undefined && OF_RESULT.test(typeName.text)) {
    return t.isTypeQueryNode(argument)
      ? name === INSTANCE && buildsInstance(argument.exprName)
      : refersTo(argument, name, depth)
  }
  const declaration = declarationOf(typeName)
  if (declaration === undefined) return false
  if (t.isTypeAliasDeclaration(declaration)) return refersTo(declaration.type, name, depth - 1)
  return t.isImportSpecifier(declaration) && name.test(declaration.propertyName?.text ?? '')
}

/** Whether a function builds an instance: here, or by what it is called where it is imported from. */
function buildsInstance(name: ts.EntityName): boolean {
  const t = typescript()
  if (!t.isIdentifier(name)) return false
  const declaration = declarationOf(name)
  if (declaration === undefined) return false
  if (t.isImportSpecifier(declaration) || t.isImportClause(declaration))
    return BUILDS.test(name.text)
  let found = false
  const visit = (node: ts.Node): void => {
    found ||= t.isCallExpression(node) && isBuilder(node.expression)
    if (!found) t.forEachChild(node, visit)
  }
  visit(declaration)
  return found
}

/** Whether a function is a plugin by its type, or by `fp(…)` around it. */
function isPlugin({ node, whole }: TopFunction): boolean {
  const t = typescript()
  const { type } = whole.parent as { type?: ts.TypeNode }
  if (type !== undefined && t.isVariableDeclaration(whole.parent) && refersTo(type, PLUGIN)) {
    return true
  }
  for (let outer: ts.Node = node; outer !== whole; outer = outer.parent) {
    const { parent } = outer
    const isTyped = t.isSatisfiesExpression(parent) || t.isAsExpression(parent)
    if (isTyped && refersTo(parent.type, PLUGIN)) return true
    if (!t.isCallExpression(parent)) continue
    if (originOf(parent.expression)?.from === 'fastify-plugin') return true
  }
  return false
}

/** In JavaScript a plugin shows by what its first parameter is called and used for. */
function isPluginByHabit(source: Source, fn: TopFunction, node: ts.ParameterDeclaration): boolean {
  if (!/\.[cm]?jsx?$/.test(source.path)) return false
  const name = node.name.getText(source.file)
  const holders = [{ node }]
  const isCalledSo = ['app', 'server', 'instance'].includes(name)
  if ((fn.isDefault || isCalledSo) && callsOn(source, holders)[0] !== undefined) return true
  // Functions that only read from an instance have parameters of these names as well.
  const isSaid = name === 'fastify' || (fn.isDefault && isCalledSo)
  return isSaid && (routesOn(source, holders)[0] !== undefined || adds(source, holders))
}

function adds(source: Source, holders: readonly Holder[]): boolean {
  const methods = [...survey(source).calls.keys()].filter((name) => ADDS.test(name))
  return methods.some((method) => callsOn(source, holders, method)[0] !== undefined)
}
