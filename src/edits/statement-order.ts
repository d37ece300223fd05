import type { ts } from 'ts-morph'
import type { EnsureStatement } from '../model/op.ts'
import { argumentsOf, type Call, callsOfStatement, type StatementCall } from './calls.ts'
import { besideClosing, closingAt } from './closing.ts'
import { holderOf, isSameHolder } from './holders.ts'
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

const ROUTES = /^(?:route|all|get|head|post|put|patch|delete|options)$/

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
        : isOn(spot, peer.root)),
  )
}

function isOn({ holders }: Spot, root: ts.Expression): boolean {
  const holder = holderOf(root)
  return holders.some((one) => isSameHolder(one, holder))
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
  const last = () => {
    const behind = neighbours.findLast((node) => peers(node).length > 0)
    return behind === undefined ? besideClosing(spot, closingAt(source, spot)) : { behind }
  }
  if (order === 'last') return last()
  if (order !== 'by-name' && 'beforeOwn' in order) {
    const before = firstOwn(spot, neighbours, peers, order.beforeOwn)
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

/** The first registration of something of the project's own that is not to be passed, or else its first route. */
function firstOwn(
  spot: Spot,
  neighbours: readonly ts.Statement[],
  peers: (node: ts.Statement) => readonly Call[],
  passed: readonly string[],
): ts.Statement | undefined {
  const registered = neighbours.find((node) =>
    peers(node).some(
      ({ name = '', node: { arguments: list } }) =>
        !passed.includes(name) && list[0] && isOwnPlugin(list[0]),
    ),
  )
  if (registered !== undefined) return registered
  const isHanded = (argument: ts.Expression) => isOn(spot, argument)
  return neighbours.find((node) =>
    callsOfStatement(node).some(({ method, root, node: { expression, arguments: list } }) =>
      root === undefined
        ? list.some(isHanded) && isOwnPlugin(expression)
        : method !== undefined && ROUTES.test(method) && isOn(spot, root),
    ),
  )
}
