import type { ts } from 'ts-morph'
import { callsOfStatement } from './calls.ts'
import { assignedExport } from './exported-names.ts'
import { callsOn } from './instance-bodies.ts'
import { declarationOf, unitOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'
import type { Spot } from './spots.ts'

/**
 * The last statement of a list that still comes before the instance is used: before it listens
 * or gets ready, or is returned or exported. Functions that do so count where they stand and where
 * they are called.
 *
 * @returns the statement to go behind, or else the one to go before
 */
export function besideClosing(
  source: Source,
  { body, builds, holders }: Spot,
): { readonly behind: ts.Statement } | { readonly before: ts.Statement } | undefined {
  const { statements } = body
  const contains = (node: ts.Node) => (one: ts.Node) => node.pos <= one.pos && one.end <= node.end
  const starts = ['listen', 'ready'].flatMap((method) => callsOn(source, holders, method))
  const starters = new Set(starts.map(starterOf))
  const built = statements.findLastIndex((statement) => builds.some(contains(statement)))
  const closing = statements.findIndex(
    (statement, i) =>
      i > built &&
      (isClosing(statement) ||
        starts.some(contains(statement)) ||
        callsOfStatement(statement).some(({ node: { expression } }) => {
          const declaration = calleeOf(expression)
          return declaration !== undefined && starters.has(declaration)
        })),
  )
  const behind = statements.at(closing === -1 ? -1 : closing - 1)
  if (closing !== 0 && behind !== undefined) return { behind }
  const [before] = statements
  return before && { before }
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
function isClosing(node: ts.Statement): boolean {
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

/**
 * The place at the end of a function that was asked for by its name: behind everything, but
 * before a closing run of `return`, `listen`, `ready` and `done()`.
 */
export function atEnd(
  siblings: readonly ts.Statement[],
): { readonly behind: ts.Statement } | { readonly before: ts.Statement } | undefined {
  const { isReturnStatement } = typescript()
  const isLast = (node: ts.Statement) =>
    isReturnStatement(node) ||
    isDone(node) ||
    ['listen', 'ready'].includes(callsOfStatement(node)[0]?.method ?? '')
  const behind = siblings.findLast((node) => !isLast(node))
  if (behind !== undefined) return { behind }
  return siblings[0] && { before: siblings[0] }
}
