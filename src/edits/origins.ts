import type { ts } from 'ts-morph'
import { bare, declarationOf } from './scopes.ts'
import { typescript } from './source-file.ts'

/** Where a value comes from: a module, and what of it (`*` is the module as a whole). */
export interface Origin {
  readonly from: string
  readonly imported: string
}

// A constant may be initialised with another one; longer chains are nobody's way to import.
const DEPTH = 5

/** The specifier of a `require` or a dynamic `import` of a literal. */
export function requiredModule(node: ts.Node): string | undefined {
  const { isCallExpression, isIdentifier, isStringLiteralLike, SyntaxKind } = typescript()
  if (!isCallExpression(node)) return undefined
  const { expression, arguments: list } = node
  const [first] = list
  if (first === undefined || !isStringLiteralLike(first)) return undefined
  const isRequire = isIdentifier(expression) && expression.text === 'require'
  return isRequire || expression.kind === SyntaxKind.ImportKeyword ? first.text : undefined
}

/** Where the value of an expression is imported or required from, as far as syntax says. */
export function originOf(expression: ts.Expression, depth = DEPTH): Origin | undefined {
  const { isIdentifier, isPropertyAccessExpression } = typescript()
  if (depth === 0) return undefined
  const node = bare(expression)
  const from = requiredModule(node)
  if (from !== undefined) return { from, imported: '*' }
  if (isPropertyAccessExpression(node)) {
    const whole = originOf(node.expression, depth - 1)
    return whole && { from: whole.from, imported: node.name.text }
  }
  const declaration = isIdentifier(node) ? declarationOf(node) : undefined
  return declaration && declaredOrigin(declaration, depth - 1)
}

function declaredOrigin(node: ts.Node, depth: number): Origin | undefined {
  const t = typescript()
  if (t.isImportEqualsDeclaration(node)) {
    const { moduleReference } = node
    if (!t.isExternalModuleReference(moduleReference)) return undefined
    return importedFrom(moduleReference.expression, '*')
  }
  if (t.isImportClause(node)) return importedFrom(node.parent.moduleSpecifier, 'default')
  if (t.isNamespaceImport(node)) return importedFrom(node.parent.parent.moduleSpecifier, '*')
  if (t.isImportSpecifier(node)) {
    const { moduleSpecifier } = node.parent.parent.parent
    return importedFrom(moduleSpecifier, (node.propertyName ?? node.name).text)
  }
  if (t.isVariableDeclaration(node)) {
    return node.initializer && originOf(node.initializer, depth)
  }
  if (!t.isBindingElement(node) || !t.isVariableDeclaration(node.parent.parent)) return undefined
  const { initializer } = node.parent.parent
  const whole = initializer && originOf(initializer, depth)
  const key = node.propertyName ?? node.name
  return whole && t.isIdentifier(key) ? { from: whole.from, imported: key.text } : undefined
}

function importedFrom(specifier: ts.Expression, imported: string): Origin | undefined {
  const { isStringLiteral } = typescript()
  return isStringLiteral(specifier) ? { from: specifier.text, imported } : undefined
}

/** Whether an expression is the function that makes Fastify instances. */
export function isBuilder(expression: ts.Expression): boolean {
  const origin = originOf(expression)
  const names = ['default', 'fastify', 'Fastify', '*']
  return origin?.from === 'fastify' && names.includes(origin.imported)
}

/**
 * Whether a specifier leads into the project: a path, an alias such as `#app/u` and `@/u`, or what
 * fits a pattern with at most one star.
 */
export function isOwnModule(specifier: string, own: readonly string[] = []): boolean {
  return /^(?:\.|\/|#|[@~]\/)/.test(specifier) || own.some((one) => fits(specifier, one))
}

function fits(specifier: string, pattern: string): boolean {
  const [head = '', tail] = pattern.split('*')
  if (tail === undefined) return specifier === pattern
  const isLongEnough = specifier.length >= head.length + tail.length
  return isLongEnough && specifier.startsWith(head) && specifier.endsWith(tail)
}
