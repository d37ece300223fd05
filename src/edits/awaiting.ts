import type { ts } from 'ts-morph'
import { type StatementCall, walkBody } from './calls.ts'
import { isAsync } from './functions.ts'
import { unitOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'
import type { Spot } from './spots.ts'
import { neighboursOf, peersIn } from './statement-order.ts'

/**
 * What a call statement begins with at a spot: `await `, `void ` or nothing, as the neighbours
 * have it and as far as the function allows it.
 */
export function opening(
  source: Source,
  spot: Spot,
  call: StatementCall,
  isAwaited: boolean,
): string {
  const t = typescript()
  const peers = neighboursOf(source, spot, call).filter(
    (node) => peersIn(source, spot, node, call).length > 0,
  )
  const unit = unitOf(spot.body.statements[0] ?? spot.body)
  const isTop = t.isSourceFile(spot.body) || t.isSourceFile(unit)
  const expressions = peers.flatMap((node) =>
    t.isExpressionStatement(node) ? node.expression : [],
  )
  const [first] = expressions
  if (first !== undefined && expressions.every(t.isVoidExpression)) return 'void '
  if (!isAwaited || (first !== undefined && !expressions.some(t.isAwaitExpression))) return ''
  if (isTop) return first !== undefined || awaitsAtTop(source) ? 'await ' : ''
  return isAsync(unit) ? 'await ' : ''
}

/** Whether a module awaits at its top level already; what becomes CommonJS cannot. */
function awaitsAtTop({ file }: Source): boolean {
  const { isAwaitExpression, isForOfStatement } = typescript()
  let found = false
  walkBody(file, (node: ts.Node) => {
    found ||= isAwaitExpression(node) || (isForOfStatement(node) && !!node.awaitModifier)
  })
  return found
}
