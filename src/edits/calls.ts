import type { ts } from 'ts-morph'
import { parse, type Source, typescript } from './source-file.ts'

/** What makes two call statements the same registration, whatever their options. */
export interface Call {
  /** The callee, or for a plain call its first argument: statements of one shape are comparable. */
  readonly shape: string
  /** The first argument of a method call, or the function of a plain call. */
  readonly name: string
  /** The variable that the call starts from; undefined for a plain call. */
  readonly root: ts.Identifier | undefined
}

function rootOf(node: ts.Expression): ts.Identifier | undefined {
  const { isIdentifier, isCallExpression, isPropertyAccessExpression } = typescript()
  if (isIdentifier(node)) return node
  if (isPropertyAccessExpression(node) || isCallExpression(node)) return rootOf(node.expression)
  return undefined
}

/** What a call expression registers; undefined if it is no such call. */
export function callOf({ file }: Source, node: ts.Node): Call | undefined {
  const { isCallExpression, isIdentifier, isPropertyAccessExpression } = typescript()
  if (!isCallExpression(node)) return undefined
  const { expression: callee, arguments: list } = node
  const [first] = list
  if (isIdentifier(callee)) {
    const shape = `(${list.map((argument) => argument.getText(file)).join(',')})`
    return { shape: shape.replace(/\s+/g, ''), name: callee.text, root: undefined }
  }
  if (!isPropertyAccessExpression(callee) || first === undefined || !isIdentifier(first)) {
    return undefined
  }
  const root = rootOf(callee)
  // Calls in a chain before this one are other registrations on the same variable.
  const shape = root === undefined ? callee.getText(file) : `${root.text}.${callee.name.text}`
  return { shape, name: first.text, root }
}

/** What a whole statement registers: `await app.register(x)` and the like. */
export function callStatement(source: Source, node: ts.Node): Call | undefined {
  const t = typescript()
  if (!t.isExpressionStatement(node)) return undefined
  let { expression } = node
  while (t.isAwaitExpression(expression) || t.isVoidExpression(expression)) {
    expression = expression.expression
  }
  return callOf(source, expression)
}

/** Every node of a function's body, nested blocks included and nested functions left out. */
export function walkBody(body: ts.Node, visit: (node: ts.Node) => void): void {
  const { forEachChild, isFunctionLike } = typescript()
  forEachChild(body, (child) => {
    if (isFunctionLike(child)) return
    visit(child)
    walkBody(child, visit)
  })
}

/** The call in the text of one statement, with its offset in that text. */
export function parseCall(statement: string): Call & { readonly rootAt: number } {
  const open = 'async () => {'
  const source = parse({ path: 'statement.ts', text: `${open}${statement}}` })
  let found: Call | undefined
  const visit = (node: ts.Node): void => {
    found ??= callStatement(source, node)
    typescript().forEachChild(node, visit)
  }
  typescript().forEachChild(source.file, (node) => {
    // The wrapping function is itself an expression statement, not the call.
    typescript().forEachChild(node, visit)
  })
  if (found === undefined) throw new TypeError(`not a call statement: ${statement}`)
  return { ...found, rootAt: (found.root?.getStart(source.file) ?? open.length) - open.length }
}
