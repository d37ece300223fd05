import type { ts } from 'ts-morph'
import { callOf, type StatementCall } from './calls.ts'
import { type Holder, isHeld } from './holders.ts'
import { callsOfMethod } from './instances.ts'
import { originOf, requiredModule } from './origins.ts'
import { bare, declarationIn, unitOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'
import { sameModule } from './specifier.ts'
import type { Spot } from './spots.ts'

/** The calls of a file that are ours but for their options and what they are called on. */
export function sameCalls(source: Source, call: StatementCall): readonly ts.CallExpression[] {
  const { method, name } = call
  const alike = callsOfMethod(source, method ?? name ?? '')
  return alike.filter((node) => {
    const other = callOf(node)
    if (other === undefined || other.method !== method) return false
    if (other.name !== undefined) return other.name === name
    const [plugin] = node.arguments
    return plugin !== undefined && name !== undefined && isInline(source, plugin, name)
  })
}

/** Whether a `require` or a dynamic `import` stands for what the file imports as a name. */
function isInline(source: Source, plugin: ts.Expression, name: string): boolean {
  const { isIdentifier } = typescript()
  const from = requiredModule(bare(plugin)) ?? inlineModule(plugin)
  if (from === undefined) return false
  const declaration = declarationIn(source.file, name)
  const { name: local } = (declaration ?? {}) as { name?: ts.Node }
  const origin = local && isIdentifier(local) ? originOf(local) : undefined
  return origin !== undefined && sameModule(origin.from, from)
}

/** The module that a plugin is required or imported from right where it is registered. */
export function inlineModule(plugin: ts.Expression): string | undefined {
  const { isPropertyAccessExpression } = typescript()
  const node = bare(plugin)
  if (!isPropertyAccessExpression(node)) return requiredModule(node)
  return requiredModule(bare(node.expression))
}

/** Our call on some holders, whatever its options, anywhere in the file. */
export function callsOnAny(
  source: Source,
  holders: readonly Holder[],
  call: StatementCall,
): ts.CallExpression[] {
  return sameCalls(source, call).filter((node) => {
    const root = callOf(node)?.root
    return root !== undefined && isHeld(holders, root)
  })
}

/** Our call at a spot: on its instance, or for a plain call in its body. */
export function callsAt(source: Source, spot: Spot, call: StatementCall): ts.CallExpression[] {
  const { body, holders } = spot
  if (call.root !== undefined) return callsOnAny(source, holders, call)
  const isHere = (node: ts.Node) => body.pos <= node.pos && node.end <= body.end
  const unit = body.statements[0] && unitOf(body.statements[0])
  return sameCalls(source, call).filter((node) => isHere(node) && unitOf(node) === unit)
}
