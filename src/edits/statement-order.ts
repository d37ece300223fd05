import type { ts } from 'ts-morph'
import type { EnsureStatement, Order } from '../model/op.ts'
import { argumentsOf, type Call, callsOfStatement, isRoute, type StatementCall } from './calls.ts'
import { besideClosing, builtAt, closingAt } from './closing.ts'
import { ownCalls } from './flow.ts'
import { handedCalls } from './handed.ts'
import { isHeld } from './holders.ts'
import { isOwnPlugin } from './own-plugins.ts'
import { compareInOrder, placeByRank } from './rank.ts'
import { type Refused, refused } from './refuse.ts'
import { type Source, typescript } from './source-file.ts'
import type { Spot } from './spots.ts'

/** The neighbour that a statement goes beside; undefined in an empty body. */
export type Anchor =
  | { readonly behind: ts.Statement }
  | { readonly before: ts.Statement; readonly isPair?: boolean }
  | undefined

/** The calls of a statement that are comparable with ours: the same method on the instance. */
export function peersIn(
  source: Source,
  spot: Spot,
  node: ts.Node,
  call: StatementCall,
): readonly Call[] {
  return callsOfStatement(node).filter(
    (peer) =>
      peer.method === call.method &&
      (peer.root === undefined
        ? argumentsOf(source, peer) === argumentsOf(call.source, call)
        : isHeld(spot.holders, peer.root)),
  )
}

/** The statements of a body; a `try` that registrations stand in counts as its statements. */
export function neighboursOf(
  source: Source,
  spot: Spot,
  call: StatementCall,
): readonly ts.Statement[] {
  const { isTryStatement } = typescript()
  return spot.body.statements.flatMap((statement) => {
    const inner = isTryStatement(statement) ? statement.tryBlock.statements : []
    const isOpen = inner.some((one) => peersIn(source, spot, one, call).length > 0)
    return isOpen ? inner : [statement]
  })
}

/** Finds the neighbour that the order of an op asks for. */
export function anchorOf(
  source: Source,
  spot: Spot,
  call: StatementCall,
  op: EnsureStatement,
): Anchor | Refused {
  const { order } = op
  const neighbours = neighboursOf(source, spot, call)
  const peers = (node: ts.Statement) => peersIn(source, spot, node, call)
  const last = () => lastOf(source, spot, neighbours, peers)
  if (order === 'last') return last()
  if (order !== 'by-name' && 'beforeOwn' in order) {
    const before = firstOwn(source, spot, neighbours, peers, order)
    return before === undefined ? last() : { before, isPair: true }
  }
  if (order === 'by-name' || Array.isArray(order)) {
    const ranked = placeByRank(neighbours, (node) => {
      const name = peers(node).find((peer) => peer.name !== undefined)?.name
      return name === undefined ? undefined : compareInOrder(order, name, op.name)
    })
    return ranked ?? last()
  }
  const name = 'after' in order ? order.after : 'before' in order ? order.before : undefined
  const beside = neighbours.find((node) => peers(node).some((peer) => peer.name === name))
  if (beside !== undefined) {
    return 'after' in order ? { behind: beside } : { before: beside, isPair: true }
  }
  const names = neighbours.flatMap((node) => peers(node).toReversed())
  return refused(source, 'NO_ANCHOR', {
    message: `"${name}" is not registered here.`,
    at: spot.at.getStart(source.file),
    snippet: op.statement,
    candidates: names.flatMap((peer) => peer.name ?? []),
  })
}

/** The statements that hand the instance to a function, built and not yet put to use. */
function handing(
  source: Source,
  spot: Spot,
  neighbours: readonly ts.Statement[],
): readonly ts.Statement[] {
  const below = neighbours.slice(builtAt(spot, neighbours) + 1)
  const closing = below.findIndex(closingAt(source, spot))
  const open = closing === -1 ? below : below.slice(0, closing)
  return open.filter((node) => handedCalls(spot, node).length > 0)
}

/** Behind the last registration, or the last function that is handed the instance: it may register. */
function lastOf(
  source: Source,
  spot: Spot,
  neighbours: readonly ts.Statement[],
  peers: (node: ts.Statement) => readonly Call[],
): Anchor {
  const handed = handing(source, spot, neighbours)
  const behind = neighbours.findLast((node) => peers(node).length > 0 || handed.includes(node))
  return behind === undefined ? besideClosing(spot, closingAt(source, spot)) : { behind }
}

/** The first registration or route of the project's own that is not to be passed. */
function firstOwn(
  source: Source,
  spot: Spot,
  neighbours: readonly ts.Statement[],
  peers: (node: ts.Statement) => readonly Call[],
  { beforeOwn: passed, own }: Extract<Order, { readonly beforeOwn: readonly string[] }>,
): ts.Statement | undefined {
  const isRegistered = ({ name = '', node: { arguments: list } }: Call) =>
    !passed.includes(name) && list[0] !== undefined && isOwnPlugin(list[0], own)
  const isDirect = (call: Call) =>
    call.root !== undefined && isRoute(call) && isHeld(spot.holders, call.root)
  const handed = handing(source, spot, neighbours).filter((node) =>
    handedCalls(spot, node).some(
      ({ root, node: { expression } }) => root !== undefined || isOwnPlugin(expression, own),
    ),
  )
  const inside = ownCalls(source, spot.holders, own)
  return neighbours.find(
    (node) =>
      peers(node).some(isRegistered) ||
      callsOfStatement(node).some(isDirect) ||
      handed.includes(node) ||
      (isLoopOrBranch(node) && inside.some((call) => node.pos <= call.pos && call.end <= node.end)),
  )
}

/** `for`, `if`, `try`, and `list.forEach(…)`. */
function isLoopOrBranch(node: ts.Statement): boolean {
  const t = typescript()
  return (
    t.isIterationStatement(node, false) ||
    t.isIfStatement(node) ||
    t.isTryStatement(node) ||
    callsOfStatement(node).some(({ method }) => method === 'forEach' || method === 'map')
  )
}
