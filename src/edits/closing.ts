import type { ts } from 'ts-morph'
import { type Call, callsOfStatement } from './calls.ts'
import { assignedExport } from './exported-names.ts'
import { calledAs, handedCalls } from './handed.ts'
import { callsOn, STARTER, STARTS } from './instance-bodies.ts'
import { callsOfMethod } from './instances.ts'
import { declarationOf, unitOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'
import type { Spot } from './spots.ts'

/** Whether a statement comes after all that can be registered. */
export type IsClosing = (statement: ts.Statement) => boolean

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end
}

/**
 * Tells the statements that use the instance: that let it listen or get ready, or return or export
 * it. Functions that do so count where they stand and where they are called; of those that are
 * imported and handed the instance, the name tells.
 */
export function closingAt(source: Source, spot: Spot): IsClosing {
  const starts = STARTS.flatMap((method) => callsOn(source, spot.holders, method))
  const starters = new Set(starts.map(starterOf))
  const servers = new Set(
    STARTS.flatMap((method) => callsOfMethod(source, method)).map((call) => starterOf(call)),
  )
  const isOf = (units: ReadonlySet<ts.Node>, { node: { expression } }: Call) => {
    const declaration = calleeOf(expression)
    return declaration !== undefined && units.has(declaration)
  }
  return (statement) =>
    handsOut(statement) ||
    starts.some((start) => contains(statement, start)) ||
    callsOfStatement(statement).some((call) => isOf(starters, call)) ||
    handedCalls(spot, statement).some((call) => STARTER.test(calledAs(call)) || isOf(servers, call))
}

/** The statement of a list that builds the instance; -1 if it is built elsewhere. */
export function builtAt({ builds }: Spot, statements: readonly ts.Statement[]): number {
  return statements.findLastIndex((one) => builds.some((build) => contains(one, build)))
}

/**
 * The last statement of a body before the first one that closes it.
 *
 * @returns the statement to go behind, or else the one to go before
 */
export function besideClosing(
  spot: Spot,
  isClosing: IsClosing,
): { readonly behind: ts.Statement } | { readonly before: ts.Statement } | undefined {
  const statements = openedAt(spot, isClosing)
  const built = builtAt(spot, statements)
  const closing = statements.findIndex((statement, i) => i > built && isClosing(statement))
  const behind = statements.at(closing === -1 ? -1 : closing - 1)
  if (closing !== 0 && behind !== undefined) return { behind }
  const [before] = statements
  return before && { before }
}

/** The statements of a body; a `try` in which others come before the one that closes counts as those. */
function openedAt({ body }: Spot, isClosing: IsClosing): readonly ts.Statement[] {
  const { isTryStatement } = typescript()
  return body.statements.flatMap((statement) => {
    const inner = isTryStatement(statement) ? statement.tryBlock.statements : []
    return inner.findIndex(isClosing) > 0 ? inner : [statement]
  })
}

/** What declares the function that a call stands in. */
function starterOf(call: ts.Node): ts.Node {
  const unit = unitOf(call)
  return typescript().isVariableDeclaration(unit.parent ?? unit) ? unit.parent : unit
}

function calleeOf(expression: ts.Expression): ts.Node | undefined {
  return typescript().isIdentifier(expression) ? declarationOf(expression) : undefined
}

/** Whether a statement hands the instance out: `return`, `export default`, `done()`. */
function handsOut(node: ts.Statement): boolean {
  const t = typescript()
  if (t.isReturnStatement(node) || t.isExportAssignment(node)) return true
  if (t.isExportDeclaration(node)) return node.moduleSpecifier === undefined
  return assignedExport(node) !== undefined || isDone(node)
}

/** Whether a statement calls a later parameter of its function: the plugin says that it is done. */
function isDone(node: ts.Statement): boolean {
  const { isParameter, isFunctionLike } = typescript()
  const [call] = callsOfStatement(node)
  if (call === undefined || call.root !== undefined) return false
  const parameter = calleeOf(call.node.expression)
  if (parameter === undefined || !isParameter(parameter)) return false
  return isFunctionLike(parameter.parent) && parameter.parent.parameters.indexOf(parameter) > 0
}
