import type { ts } from 'ts-morph'
import { type Source, typescript } from './source-file.ts'

/** What a variable statement takes from one module. */
export interface Required {
  readonly declaration: ts.VariableDeclaration
  readonly from: string
  /** The property that is read from the module at once, as in `require('x').y`. */
  readonly property?: string
}

interface Call {
  readonly from: string
  readonly node: ts.CallExpression
}

/** The call of `require` that an expression begins with: `require('x')`, `require('x').y`, `require('x')()`. */
function requireCall(node: ts.Expression): Call | undefined {
  const t = typescript()
  if (t.isPropertyAccessExpression(node)) return requireCall(node.expression)
  if (!t.isCallExpression(node)) return undefined
  const [first] = node.arguments
  const isRequire = t.isIdentifier(node.expression) && node.expression.text === 'require'
  if (!isRequire) return requireCall(node.expression)
  return first !== undefined && t.isStringLiteralLike(first)
    ? { from: first.text, node }
    : undefined
}

/** What the declarations of a statement take from modules; others are left out. */
export function requiredBy(node: ts.Statement): Required[] {
  const t = typescript()
  if (!t.isVariableStatement(node)) return []
  return node.declarationList.declarations.flatMap((declaration): Required[] => {
    const { initializer } = declaration
    const call = initializer === undefined ? undefined : requireCall(initializer)
    if (initializer === undefined || call === undefined) return []
    const { from } = call
    if (initializer === call.node) return [{ declaration, from }]
    const isProperty =
      t.isPropertyAccessExpression(initializer) && initializer.expression === call.node
    return isProperty ? [{ declaration, from, property: initializer.name.text }] : []
  })
}

/** The modules that a statement begins with requiring, called or not; empty for other statements. */
export function modulesOf(node: ts.Statement): readonly string[] {
  const t = typescript()
  const expressions = t.isVariableStatement(node)
    ? node.declarationList.declarations.map(({ initializer }) => initializer)
    : t.isExpressionStatement(node)
      ? [node.expression]
      : []
  return expressions.flatMap((expression) => {
    const call = expression === undefined ? undefined : requireCall(expression)
    return call === undefined ? [] : [call.from]
  })
}

function exportsByModule({ file }: Source): boolean {
  const t = typescript()
  return file.statements.some(
    (node) =>
      t.isExpressionStatement(node) &&
      t.isBinaryExpression(node.expression) &&
      /^(?:module\.)?exports\b/.test(node.expression.left.getText(file)),
  )
}

function isModuleSyntax(node: ts.Statement): boolean {
  const t = typescript()
  // A type may be imported into any file.
  if (t.isImportDeclaration(node)) return node.importClause?.isTypeOnly !== true
  if (t.isExportDeclaration(node)) return true
  if (t.isExportAssignment(node)) return node.isExportEquals !== true
  const modifiers = t.canHaveModifiers(node) ? t.getModifiers(node) : undefined
  return modifiers?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword) ?? false
}

/**
 * Whether a file takes its modules by `require`: by its ending, else by what it does itself, and
 * where it does both or neither as it is asked.
 */
export function usesRequire(source: Source, asked: boolean): boolean {
  if (/\.m[jt]s$/.test(source.path)) return false
  if (source.path.endsWith('.cjs')) return true
  const { statements } = source.file
  const isModule = statements.some(isModuleSyntax)
  const isCommon = statements.some((node) => modulesOf(node).length > 0) || exportsByModule(source)
  return isModule === isCommon ? asked : isCommon
}

/** The word that the modules of a file are declared with, else its other variables; or `const`. */
export function requireKeyword({ file, text }: Source): string {
  const declared = file.statements.filter(typescript().isVariableStatement)
  const required = declared.filter((node) => requiredBy(node).length > 0)
  const heard = required.length > 0 ? required : declared
  const old = heard.filter((node) => text.startsWith('var', node.getStart(file)))
  return old.length * 2 > heard.length ? 'var' : 'const'
}
