import type { ts } from 'ts-morph'
import type { FileFilter, NameTest } from '../model/place.ts'
import { propertyOf } from './option-values.ts'
import { bare, declarationOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'
import { staticText } from './static-path.ts'

const OPTIONS = ['matchFilter', 'ignorePattern', 'ignoreFilter', 'scriptPattern'] as const

/** The options of an autoload that decide which files of its folder are taken. */
export function fileFilters(
  { file }: Source,
  options: ts.ObjectLiteralExpression | undefined,
): readonly FileFilter[] {
  return OPTIONS.flatMap((option) => {
    const value = options && propertyOf(options, option)
    if (value === undefined) return []
    const test = testOf(value, option === 'ignorePattern', 4)
    return [{ option, written: value.getText(file), ...(test === undefined ? {} : { test }) }]
  })
}

/** A pattern, a text that a path holds, or a function of the path that says so in one expression. */
function testOf(
  expression: ts.Expression,
  isPattern: boolean,
  depth: number,
): NameTest | undefined {
  const t = typescript()
  const node = bare(expression)
  if (depth === 0) return undefined
  const pattern = patternOf(node)
  if (pattern !== undefined) return pattern
  const text = staticText(node)
  if (text !== undefined) {
    return isPattern ? { kind: 'pattern', source: text, flags: '' } : { kind: 'includes', text }
  }
  if (t.isIdentifier(node)) {
    const { initializer } = (declarationOf(node) ?? {}) as { initializer?: ts.Expression }
    return initializer && testOf(initializer, isPattern, depth - 1)
  }
  if (!t.isArrowFunction(node) && !t.isFunctionExpression(node)) return undefined
  const [parameter] = node.parameters
  const [only] = t.isBlock(node.body) ? node.body.statements : []
  const returned = only && t.isReturnStatement(only) ? only.expression : undefined
  const value = t.isBlock(node.body) ? returned : node.body
  if (value === undefined || parameter === undefined || !t.isIdentifier(parameter.name)) return
  return conditionOf(value, parameter.name.text)
}

function patternOf(node: ts.Expression): NameTest | undefined {
  const t = typescript()
  if (t.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/')
    const flags = node.text.slice(end + 1).replace(/[gy]/g, '')
    return { kind: 'pattern', source: node.text.slice(1, end), flags }
  }
  const isCall = t.isNewExpression(node) || t.isCallExpression(node)
  if (!isCall || !t.isIdentifier(node.expression) || node.expression.text !== 'RegExp') return
  const [source, flags = ''] = (node.arguments ?? []).map((argument) => staticText(argument))
  return source === undefined ? undefined : { kind: 'pattern', source, flags }
}

/** `path.endsWith('.js')`, `/x/.test(path)` and what `!`, `&&` and `||` make of such. */
function conditionOf(expression: ts.Expression, path: string): NameTest | undefined {
  const t = typescript()
  const node = bare(expression)
  if (t.isPrefixUnaryExpression(node) && node.operator === t.SyntaxKind.ExclamationToken) {
    const of = conditionOf(node.operand, path)
    return of && { kind: 'not', of }
  }
  if (t.isBinaryExpression(node)) {
    const { AmpersandAmpersandToken, BarBarToken } = t.SyntaxKind
    const { kind } = node.operatorToken
    const [left, right] = [conditionOf(node.left, path), conditionOf(node.right, path)]
    if (left === undefined || right === undefined) return undefined
    if (kind === AmpersandAmpersandToken) return { kind: 'all', of: [left, right] }
    return kind === BarBarToken ? { kind: 'any', of: [left, right] } : undefined
  }
  if (!t.isCallExpression(node) || !t.isPropertyAccessExpression(node.expression)) return undefined
  const { expression: object, name } = node.expression
  const [argument] = node.arguments
  const isPath = (one: ts.Expression) => t.isIdentifier(one) && one.text === path
  if (argument === undefined) return undefined
  if (name.text === 'test' && isPath(argument)) return patternOf(bare(object))
  const text = isPath(object) ? staticText(argument) : undefined
  const kind = (['includes', 'startsWith', 'endsWith'] as const).find((one) => one === name.text)
  return kind === undefined || text === undefined ? undefined : { kind, text }
}
