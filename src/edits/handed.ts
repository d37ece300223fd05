import type { ts } from 'ts-morph'
import { type Call, callsOfStatement } from './calls.ts'
import { isHeld } from './holders.ts'
import type { Spot } from './spots.ts'

/** The plain calls of a statement that are handed the instance: `await withRoutes(app)`. */
export function handedCalls({ holders }: Spot, node: ts.Node): readonly Call[] {
  return callsOfStatement(node).filter(
    ({ root, node: { arguments: list } }) =>
      root === undefined && list.some((argument) => isHeld(holders, argument)),
  )
}
