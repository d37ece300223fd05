import type { ts } from 'ts-morph'
import { walkBody } from './calls.ts'
import { isOwnModule, type Origin, originOf } from './origins.ts'
import { bare, declarationOf } from './scopes.ts'
import { typescript } from './source-file.ts'

/** A database handle that `drizzle(…)` gave. */
export interface Drizzled {
  /** What `drizzle` was imported from: `drizzle-orm/node-postgres`. */
  readonly driver: string
  /** The module of the project that it was given as its schema. */
  readonly schema?: string
}

// A variable may hold another one, and a function may call another one.
const DEPTH = 5

/** What a call of `drizzle` gave an expression, also through variables and functions of the file. */
export function drizzledIn(expression: ts.Expression, depth = DEPTH): Drizzled | undefined {
  const t = typescript()
  const node = bare(expression)
  if (depth === 0) return undefined
  const anyOf = (...parts: ts.Expression[]) => firstOf(parts, (part) => drizzledIn(part, depth - 1))
  if (t.isBinaryExpression(node)) return anyOf(node.right, node.left)
  if (t.isConditionalExpression(node)) return anyOf(node.whenTrue, node.whenFalse)
  if (t.isIdentifier(node)) {
    const declaration = declarationOf(node)
    if (declaration === undefined || !t.isVariableDeclaration(declaration)) return undefined
    return declaration.initializer && drizzledIn(declaration.initializer, depth - 1)
  }
  if (!t.isCallExpression(node)) return undefined
  return callOfDrizzle(node) ?? madeByFunction(functionOf(node.expression), depth - 1)
}

/** What a function returns, where that is a handle. */
export function madeByFunction(node: ts.Node | undefined, depth = DEPTH): Drizzled | undefined {
  const t = typescript()
  if (node === undefined || !t.isFunctionLike(node) || !('body' in node)) return undefined
  const body = node.body as ts.ConciseBody | undefined
  if (body === undefined) return undefined
  if (!t.isBlock(body)) return drizzledIn(body, depth)
  const returned: ts.Expression[] = []
  walkBody(body, (child) => {
    if (t.isReturnStatement(child) && child.expression) returned.push(child.expression)
  })
  return firstOf(returned, (value) => drizzledIn(value, depth))
}

/** Where a value of another module of the project comes from: a name of it, or what it calls. */
export function ownOriginOf(expression: ts.Expression): Origin | undefined {
  const node = bare(expression)
  const origin = originOf(typescript().isCallExpression(node) ? node.expression : node)
  return origin !== undefined && isOwnModule(origin.from) ? origin : originOfVariable(node)
}

function originOfVariable(node: ts.Expression): Origin | undefined {
  const t = typescript()
  const declaration = t.isIdentifier(node) ? declarationOf(node) : undefined
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) return undefined
  return declaration.initializer && ownOriginOf(declaration.initializer)
}

function callOfDrizzle(node: ts.CallExpression): Drizzled | undefined {
  const origin = originOf(node.expression)
  if (origin?.imported !== 'drizzle' || !/^drizzle-orm(\/|$)/.test(origin.from)) return undefined
  const schema = firstOf([...node.arguments], schemaIn)
  return { driver: origin.from, ...(schema === undefined ? {} : { schema }) }
}

/** The module behind `schema` in the settings of `drizzle`. */
function schemaIn(argument: ts.Expression): string | undefined {
  const t = typescript()
  const settings = bare(argument)
  if (!t.isObjectLiteralExpression(settings)) return undefined
  const property = settings.properties.find(
    ({ name }) => name !== undefined && t.isIdentifier(name) && name.text === 'schema',
  )
  if (property === undefined) return undefined
  const value = t.isShorthandPropertyAssignment(property)
    ? property.name
    : t.isPropertyAssignment(property)
      ? property.initializer
      : undefined
  const origin = value && originOf(value)
  return origin !== undefined && isOwnModule(origin.from) ? origin.from : undefined
}

/** The function of the file that an expression names. */
function functionOf(callee: ts.Expression): ts.Node | undefined {
  const t = typescript()
  const declaration = t.isIdentifier(callee) ? declarationOf(callee) : undefined
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) return declaration
  return declaration.initializer && bare(declaration.initializer)
}

function firstOf<In, Out>(list: readonly In[], find: (one: In) => Out | undefined) {
  for (const one of list) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}
