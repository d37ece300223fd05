import type { ts } from 'ts-morph'
import { candidate, type Refused, refused } from './refuse.ts'
import { bare } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

export type Literal = ts.ArrayLiteralExpression | ts.ObjectLiteralExpression

/** A value that the first part of a path may mean, and the keys that lead on from it. */
interface Start {
  readonly value: ts.Expression
  readonly keys: readonly string[]
}

/** What is found at the end of a path; `isMissing` if a key on the way is not there. */
interface End {
  readonly node: ts.Node
  readonly isMissing: boolean
}

/** The expression within parentheses, `as`, `satisfies` and the like, and `Object.freeze(…)`. */
function unwrapped(wrapped: ts.Expression): ts.Expression {
  const t = typescript()
  const node = bare(wrapped)
  if (!t.isCallExpression(node) || !t.isPropertyAccessExpression(node.expression)) return node
  const { expression: object, name } = node.expression
  const isFreeze = t.isIdentifier(object) && object.text === 'Object' && name.text === 'freeze'
  const [inner] = node.arguments
  return isFreeze && inner !== undefined ? unwrapped(inner) : node
}

/** The key of a property, however it is written; undefined for a spread or a computed one. */
export function keyOf(node: ts.ObjectLiteralElementLike): string | undefined {
  const { isComputedPropertyName, isStringLiteralLike } = typescript()
  const { name } = node
  if (name === undefined) return undefined
  if (!isComputedPropertyName(name)) return name.text
  return isStringLiteralLike(name.expression) ? name.expression.text : undefined
}

function walk(root: ts.Node, visit: (node: ts.Node) => void): void {
  typescript().forEachChild(root, (child) => {
    visit(child)
    walk(child, visit)
  })
}

function argumentsOf(source: Source, decorator: string): ts.Expression[] {
  const t = typescript()
  const found: ts.Expression[] = []
  walk(source.file, (node) => {
    if (!t.isDecorator(node) || !t.isCallExpression(node.expression)) return
    const { expression: callee, arguments: list } = node.expression
    if (callee.getText(source.file) === decorator && list[0] !== undefined) found.push(list[0])
  })
  return found
}

/** The values that a dotted path may start from, wherever in the file they stand. */
function startsOf(source: Source, path: string): Start[] {
  const t = typescript()
  const parts = path.split('.')
  const [first = '', ...keys] = parts
  if (first.startsWith('@')) {
    return argumentsOf(source, first.slice(1)).map((value) => ({ value, keys }))
  }
  const found: Start[] = []
  walk(source.file, (node) => {
    if (t.isVariableDeclaration(node) || t.isPropertyDeclaration(node)) {
      const { name, initializer: value } = node
      if (value === undefined || !(t.isIdentifier(name) || t.isPrivateIdentifier(name))) return
      const owner = t.isPropertyDeclaration(node) ? node.parent.name?.text : undefined
      if (name.text === first) found.push({ value, keys })
      else if (owner === first && name.text === keys[0]) found.push({ value, keys: keys.slice(1) })
    } else if (t.isExportAssignment(node)) {
      if (first === 'default') found.push({ value: node.expression, keys })
    } else if (t.isBinaryExpression(node) && node.operatorToken.kind === t.SyntaxKind.EqualsToken) {
      const left = node.left.getText(source.file).replace(/^this\./, '')
      const isLiteral = isAnyLiteral(unwrapped(node.right))
      if (isLiteral && `${path}.`.startsWith(`${left}.`)) {
        found.push({ value: node.right, keys: parts.slice(left.split('.').length) })
      }
    }
  })
  return found
}

function isAnyLiteral(node: ts.Node): node is Literal {
  const { isArrayLiteralExpression, isObjectLiteralExpression } = typescript()
  return isArrayLiteralExpression(node) || isObjectLiteralExpression(node)
}

function follow({ value, keys }: Start): End {
  const t = typescript()
  const node = unwrapped(value)
  const [key, ...rest] = keys
  if (key === undefined) return { node, isMissing: false }
  if (!t.isObjectLiteralExpression(node)) return { node, isMissing: false }
  const property = node.properties.findLast((candidate) => keyOf(candidate) === key)
  if (property === undefined) return { node, isMissing: true }
  return t.isPropertyAssignment(property)
    ? follow({ value: property.initializer, keys: rest })
    : { node: property, isMissing: false }
}

/** Every literal that a path may mean, and whatever else stands where it leads. */
export function endsOf(source: Source, path: string): readonly ts.Node[] {
  return startsOf(source, path)
    .map(follow)
    .filter(({ isMissing }) => !isMissing)
    .map(({ node }) => node)
}

/** Finds the one literal that a path leads to; every scope of the file is looked at. */
export function findLiteral<T extends Literal>(
  source: Source,
  path: string,
  isWanted: (node: ts.Node) => node is T,
  snippet: string,
): T | Refused {
  const found = endsOf(source, path)
  const [first] = found
  if (first === undefined) {
    const message = `There is no "${path}" to put this in.`
    return refused(source, 'NO_ANCHOR', { message, snippet })
  }
  const at = first.getStart(source.file)
  if (found.length > 1) {
    const message = `There are ${found.length} places called "${path}".`
    const candidates = found.map((node) => candidate(source, node.getStart(source.file)))
    return refused(source, 'AMBIGUOUS', { message, at, snippet, candidates })
  }
  if (isWanted(first)) return first
  const message = `What "${path}" holds is not written out here.`
  const hint = 'Put it in by hand where the value is made, then run the command again.'
  return refused(source, 'NOT_A_LITERAL', { message, at, snippet, hint })
}
