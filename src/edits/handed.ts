import type { ts } from 'ts-morph'
import { type Call, callsOfStatement } from './calls.ts'
import { isHeld, isInstance } from './holders.ts'
import { isOwnModule } from './origins.ts'
import type { Spot } from './spots.ts'
import { targetOf } from './targets.ts'

/** The calls of a statement that are handed the instance: `await withRoutes(app)`, `this.mount(app)`. */
export function handedCalls({ holders }: Spot, node: ts.Node): readonly Call[] {
  return callsOfStatement(node).filter(({ root, node: { expression, arguments: list } }) => {
    if (root === undefined) return list.some((argument) => isHeld(holders, argument))
    // Of methods of other things those that log an instance, or test it, are none.
    if (isHeld(holders, root) || !list.some((argument) => isInstance(argument, holders)))
      return false
    const target = targetOf(expression)
    return target !== undefined && ('node' in target || isOwnModule(target.from))
  })
}

/** What a call is called by: its function, or its method. */
export function calledAs({ root, name, method }: Call): string {
  return (root === undefined ? name : method) ?? ''
}
