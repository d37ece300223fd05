import type { ts } from 'ts-morph'
import { type Source, typescript } from './source-file.ts'

function leaves({ file }: Source, node: ts.Node): ts.Node[] {
  const { SyntaxKind } = typescript()
  const list: ts.Node[] = []
  const visit = (child: ts.Node, next: ts.Node | undefined): void => {
    if (child.kind >= SyntaxKind.FirstJSDocNode && child.kind <= SyntaxKind.LastJSDocNode) return
    const children = child.getChildren(file)
    const isLastComma = child.kind === SyntaxKind.CommaToken && next === undefined
    if (children.length === 0 && child.end > child.getStart(file) && !isLastComma) list.push(child)
    for (const [i, part] of children.entries()) visit(part, children[i + 1])
  }
  visit(node, node)
  return list
}

/** What a node says, without anything that a formatter may change: comments, quotes, last commas. */
export function tokensOf(source: Source, node: ts.Node): string {
  const { isStringLiteral } = typescript()
  return leaves(source, node)
    .map((leaf) => (isStringLiteral(leaf) ? JSON.stringify(leaf.text) : leaf.getText(source.file)))
    .join(' ')
}

/** Whether a comment stands within a node. */
export function hasComment(source: Source, node: ts.Node): boolean {
  const start = node.getStart(source.file)
  return leaves(source, node).some(
    (leaf) => leaf.pos > start && source.text.slice(leaf.pos, leaf.getStart(source.file)).trim(),
  )
}

/** The expression in a text. */
export function parseExpression(text: string): { source: Source; node: ts.Expression } {
  const { createSourceFile, isExpressionStatement, isParenthesizedExpression, ScriptTarget } =
    typescript()
  // Not `parse`: this small text would push out the files that are looked at again.
  const wrapped = { path: 'expression.ts', text: `(${text}\n)` }
  const file = createSourceFile(wrapped.path, wrapped.text, ScriptTarget.ESNext, true)
  const source = { ...wrapped, file }
  const [statement] = file.statements
  if (statement === undefined || !isExpressionStatement(statement)) {
    throw new TypeError(`not an expression: ${text}`)
  }
  const { expression } = statement
  return {
    source,
    node: isParenthesizedExpression(expression) ? expression.expression : expression,
  }
}
