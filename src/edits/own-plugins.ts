import type { ts } from 'ts-morph'
import { isOwnModule, originOf } from './origins.ts'
import { bare, declarationOf } from './scopes.ts'
import { typescript } from './source-file.ts'

const LOADERS = ['@fastify/autoload', 'fastify-autoload']

/** Whether a value is what `@fastify/autoload` exports. */
export function isLoader(expression: ts.Expression): boolean {
  const origin = originOf(expression)
  return origin !== undefined && LOADERS.includes(origin.from)
}

/**
 * Whether what is registered is the project's own: a function of this file, something that is
 * imported from the project, or the loader, which takes up a folder of it.
 *
 * @param own patterns of specifiers that lead into the project beside paths
 */
export function isOwnPlugin(expression: ts.Expression, own: readonly string[] = []): boolean {
  const t = typescript()
  const node = bare(expression)
  if (t.isFunctionLike(node) || isLoader(node)) return true
  const origin = originOf(node)
  if (origin !== undefined) return isOwnModule(origin.from, own)
  // `fp(plugin)` and `routes(deps)` are as much the project's own as what they are made of.
  if (t.isCallExpression(node)) {
    return [node.expression, ...node.arguments].some((part) => isOwnPlugin(part, own))
  }
  const declaration = t.isIdentifier(node) ? declarationOf(node) : undefined
  if (declaration === undefined) return false
  if (t.isFunctionDeclaration(declaration)) return true
  const { initializer } = declaration as { initializer?: ts.Expression }
  return initializer !== undefined && t.isFunctionLike(bare(initializer))
}
