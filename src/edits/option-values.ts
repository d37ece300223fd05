import type { ts } from 'ts-morph'
import { bare, declarationOf } from './scopes.ts'
import { typescript } from './source-file.ts'

/** An object literal, a constant that is one, or the first one that `Object.assign` merges. */
export function objectOf(
  expression: ts.Expression,
  depth = 3,
): ts.ObjectLiteralExpression | undefined {
  const t = typescript()
  const node = bare(expression)
  if (depth === 0 || t.isObjectLiteralExpression(node)) {
    return t.isObjectLiteralExpression(node) ? node : undefined
  }
  if (t.isIdentifier(node)) {
    const { initializer } = (declarationOf(node) ?? {}) as { initializer?: ts.Expression }
    return initializer && objectOf(initializer, depth - 1)
  }
  if (!t.isCallExpression(node)) return undefined
  const objects = node.arguments.flatMap((argument) => objectOf(argument, depth - 1) ?? [])
  return objects.find(({ properties }) => properties.length > 0)
}

/** The value of a property, also of one that is spread in; the last one counts. */
export function propertyOf(
  object: ts.ObjectLiteralExpression,
  key: string,
): ts.Expression | undefined {
  const t = typescript()
  for (const property of object.properties.toReversed()) {
    if (t.isSpreadAssignment(property)) {
      const spread = objectOf(property.expression)
      const value = spread && propertyOf(spread, key)
      if (value !== undefined) return value
      continue
    }
    const { name } = property
    if (name === undefined || !(t.isIdentifier(name) || t.isStringLiteral(name))) continue
    if (name.text !== key) continue
    if (t.isPropertyAssignment(property)) return property.initializer
    if (t.isShorthandPropertyAssignment(property)) return property.name
    // A method is a value as well: `matchFilter(path) {}`.
    if (t.isMethodDeclaration(property)) return name as ts.Identifier
  }
  return undefined
}
