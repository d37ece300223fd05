import type { ts } from 'ts-morph'
import { callOf, callsOfStatement, isRoute, routeMethods } from './calls.ts'
import { blockOf } from './functions.ts'
import { type Holder, isHandedTo, isHeld } from './holders.ts'
import { callsOfMethod, type Instance, survey } from './instances.ts'
import { originOf } from './origins.ts'
import { isOwnPlugin } from './own-plugins.ts'
import { unitOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** Methods of an instance after which nothing can be registered. */
export const STARTS = ['listen', 'ready']

/** Functions that are called so let an instance listen. */
export const STARTER = /^(?:start|listen|serve|run|launch)(?![a-z])/

const OF_HOOKS = /(?:^|\/)(?:plugins|middlewares?|hooks)\//

/** A list of statements: a file's, or those of a block. */
export type Body = ts.Block | ts.SourceFile

/** The calls of a method on an instance, anywhere in the file. */
export function callsOn(
  source: Source,
  holders: readonly Holder[],
  method = 'register',
): ts.CallExpression[] {
  return callsOfMethod(source, method).filter((node) => {
    const root = callOf(node)?.root
    return root !== undefined && isHeld(holders, root)
  })
}

/** The routes that are added to an instance directly, anywhere in the file. */
export function routesOn(source: Source, holders: readonly Holder[]): ts.CallExpression[] {
  return routeMethods
    .flatMap((method) => callsOn(source, holders, method))
    .filter((node) => {
      const call = callOf(node)
      return call !== undefined && isRoute(call)
    })
}

/** The statement that is the call, whatever it is chained with; undefined if it is part of other code. */
export function statementOf(call: ts.CallExpression): ts.ExpressionStatement | undefined {
  const { findAncestor, isExpressionStatement } = typescript()
  const statement = findAncestor(call, isExpressionStatement)
  return statement && callsOfStatement(statement).some(({ node }) => node === call)
    ? statement
    : undefined
}

/**
 * The body that a statement belongs to without a condition: a file, a function's braces, or
 * `stop`. A `try` in one is no condition.
 */
function bodyOf(statement: ts.Node, stop: Body): Body | undefined {
  const { isBlock, isSourceFile, isTryStatement, isFunctionLike } = typescript()
  const { parent } = statement
  if (parent === stop || isSourceFile(parent)) return parent as Body
  if (!isBlock(parent)) return undefined
  if (isFunctionLike(parent.parent)) return parent
  const { parent: outer } = parent
  return isTryStatement(outer) && outer.tryBlock === parent ? bodyOf(outer, stop) : undefined
}

/**
 * Where an instance is put to use: the body that builds it, or else the last function of the file
 * that registers on it, such as a method `registerRoutes`, or else the callback that sets up most of
 * the project, or else the function that lets it listen, if others register.
 *
 * @param isEarly whether what goes there may come before all that is registered
 */
export function homeOf(
  source: Source,
  { holders, builds }: Instance,
  isEarly: boolean,
): Body | undefined {
  const own = birthplace(holders, builds)
  const bodiesOf = (calls: readonly ts.CallExpression[]) =>
    new Set(
      calls.flatMap((call) => {
        const statement = statementOf(call)
        return (statement && bodyOf(statement, own ?? source.file)) ?? []
      }),
    )
  const registered = callsOn(source, holders)
  const handed = handings(source, holders)
  const setUp = [...registered, ...handed].filter(isOfProject)
  const bodies = bodiesOf(registered)
  const isLate = own === source.file && !bodiesOf(setUp).has(own) && setUp.length > 0
  if (own !== undefined && bodies.has(own) && (isEarly || !isLate)) return own
  const last = lastNamed(bodies)
  if (isEarly) {
    const isElsewhere = setUp.some((call) => !isNamedUnit(functionAround(call) ?? source.file))
    return own === source.file && isElsewhere ? own : (last ?? own)
  }
  if (last !== undefined) return last
  if (own !== undefined && bodiesOf(handed).has(own)) return own
  const callbacks = setUp.flatMap((call) => [...bodiesOf([call])])
  const busiest = busiestOf(callbacks.filter((body) => hasLines(source, body)))
  if (busiest !== undefined) return busiest
  const starts = STARTS.flatMap((method) => callsOn(source, holders, method))
  const starting = registered.length + handed.length === 0 ? [] : starts.map(functionAround)
  return lastNamed(new Set(starting.flatMap((body) => body ?? []))) ?? own
}

/** Whether a call registers something of the project, or is of a function of it; hooks may come early. */
function isOfProject(call: ts.CallExpression): boolean {
  const [plugin] = call.arguments
  const what = callOf(call)?.method === 'register' && plugin ? plugin : call.expression
  return isOwnPlugin(what) && !OF_HOOKS.test(originOf(what)?.from ?? '')
}

/** Whether a statement in a body can have a line of its own. */
function hasLines({ text, file }: Source, body: Body): boolean {
  return text.slice(body.getStart(file), body.end).includes('\n')
}

/** The one that is named most often, of equals the last: a callback with all the routes. */
function busiestOf(bodies: readonly Body[]): Body | undefined {
  const count = (body: Body) => bodies.filter((one) => one === body).length
  return [...new Set(bodies)].sort((a, b) => count(a) - count(b) || a.pos - b.pos).at(-1)
}

function lastNamed(bodies: ReadonlySet<Body>): Body | undefined {
  const named = [...bodies].filter((body) => isNamedUnit(body))
  return named.sort((a, b) => a.pos - b.pos).at(-1)
}

/** The calls of functions that are handed the instance, but for those that only let it listen. */
function handings(source: Source, holders: readonly Holder[]): readonly ts.CallExpression[] {
  return [...survey(source).calls.entries()].flatMap(([name, calls]) =>
    STARTER.test(name) ? [] : calls.filter((call) => isHandedTo(call, holders)),
  )
}

/** The braces of the function that a call stands in. */
function functionAround(call: ts.Node): Body | undefined {
  const unit = unitOf(call)
  return typescript().isSourceFile(unit) ? undefined : blockOf(unit)
}

function birthplace(holders: readonly Holder[], builds: readonly ts.Node[]): Body | undefined {
  const t = typescript()
  const [build] = builds
  if (build === undefined) return undefined
  const unit = unitOf(build)
  const declaration = holders[0]?.node
  if (declaration !== undefined && t.isVariableDeclaration(declaration)) {
    const isBody = (node: ts.Node): node is Body => t.isBlock(node) || t.isSourceFile(node)
    if (unitOf(declaration) === unit) return t.findAncestor(declaration, isBody)
  }
  if (t.isSourceFile(unit)) return unit
  if (!t.isPropertyDeclaration(unit)) return blockOf(unit)
  const built = unit.parent.members.find((member) => t.isConstructorDeclaration(member))
  return built && blockOf(built)
}

/** A function with a name, a method, or one that is called where it stands; no mere callback. */
function isNamedUnit(body: Body): boolean {
  const t = typescript()
  const { parent: unit } = body
  if (unit === undefined || t.isFunctionDeclaration(unit) || t.isClassLike(unit.parent)) return true
  let outer = unit.parent
  while (t.isParenthesizedExpression(outer)) outer = outer.parent
  if (t.isCallExpression(outer)) return !outer.arguments.some((argument) => argument === unit)
  return t.isVariableDeclaration(outer) || t.isPropertyDeclaration(outer)
}
