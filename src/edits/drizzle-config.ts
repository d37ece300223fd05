import type { ts } from 'ts-morph'
import { bare, declarationOf } from './scopes.ts'
import { parse, typescript } from './source-file.ts'

/** What drizzle-kit is told, as far as it is written out. */
export interface DrizzleConfig {
  readonly dialect?: string
  /** Paths and patterns from the project's root. */
  readonly schema?: readonly string[]
}

/** Reads the settings in the default export of `drizzle.config.ts`. */
export function drizzleConfig(path: string, text: string): DrizzleConfig {
  const { file } = parse({ path, text })
  const t = typescript()
  const exported = file.statements.flatMap((statement) =>
    t.isExportAssignment(statement) ? [statement.expression] : assigned(statement),
  )
  const settings = exported.map((value) => literalOf(value)).find((value) => value !== undefined)
  if (settings === undefined) return {}
  const [dialect] = textsOf(settings, 'dialect') ?? []
  const schema = textsOf(settings, 'schema')
  return {
    ...(dialect === undefined ? {} : { dialect }),
    ...(schema === undefined ? {} : { schema }),
  }
}

/** `module.exports = …`. */
function assigned(statement: ts.Statement): readonly ts.Expression[] {
  const t = typescript()
  if (!t.isExpressionStatement(statement)) return []
  const { expression } = statement
  const isExports =
    t.isBinaryExpression(expression) && expression.left.getText() === 'module.exports'
  return isExports ? [expression.right] : []
}

/** The object itself, in a variable, or in a call such as `defineConfig({ … })`. */
function literalOf(expression: ts.Expression, depth = 3): ts.ObjectLiteralExpression | undefined {
  const t = typescript()
  const node = bare(expression)
  if (depth === 0) return undefined
  if (t.isObjectLiteralExpression(node)) return node
  if (t.isCallExpression(node)) return node.arguments[0] && literalOf(node.arguments[0], depth - 1)
  const declaration = t.isIdentifier(node) ? declarationOf(node) : undefined
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) return undefined
  return declaration.initializer && literalOf(declaration.initializer, depth - 1)
}

/** The text, or all texts of a list; nothing where one of them is computed. */
function textsOf(settings: ts.ObjectLiteralExpression, key: string): readonly string[] | undefined {
  const t = typescript()
  for (const property of settings.properties) {
    if (!t.isPropertyAssignment(property) || property.name.getText() !== key) continue
    const value = bare(property.initializer)
    const parts = t.isArrayLiteralExpression(value) ? [...value.elements] : [value]
    const texts = parts.flatMap((part) => (t.isStringLiteralLike(part) ? [part.text] : []))
    return texts.length === parts.length ? texts : undefined
  }
  return undefined
}
