import type { ts } from 'ts-morph'
import { type TopFunction, topFunctions } from './functions.ts'
import type { Holder } from './holders.ts'
import { callsOn, routesOn } from './instance-bodies.ts'
import { survey } from './instances.ts'
import { originOf } from './origins.ts'
import { declarationOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** A function that is handed a Fastify instance. */
export interface InstanceParameter {
  readonly fn: TopFunction
  readonly parameter: ts.ParameterDeclaration & { readonly name: ts.Identifier }
}

const INSTANCE = /^FastifyInstance$/
const DOCUMENTED = /@param\s+\{[^}\n]*FastifyInstance\b[^\n]*?\}\s+\[?([\w$]+)/
const ADDS =
  /^(?:register|addHook|addSchema|addContentTypeParser|decorate(?:Request|Reply)?|set(?:ErrorHandler|NotFoundHandler|\w+Compiler))$/
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
  const declaration = declarationOf(typeName)
  if (declaration === undefined) return false
  if (t.isTypeAliasDeclaration(declaration)) return refersTo(declaration.type, name, depth - 1)
  return t.isImportSpecifier(declaration) && name.test(declaration.propertyName?.text ?? '')
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
