import type { ts } from 'ts-morph'
import { bare } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** A call of a method, or of a plain function. */
export interface Call {
  readonly node: ts.CallExpression
  /** The method; undefined for a plain call. */
  readonly method: string | undefined
  /** The first argument of a method call, if it is a name; the function of a plain call. */
  readonly name: string | undefined
  /** What the chain of methods starts from; undefined for a plain call. */
  readonly root: ts.Expression | undefined
}

/** Where a chain of methods starts: `app` in `app.register(a).register(b)`. */
export function chainRoot(expression: ts.Expression): ts.Expression {
  const { isCallExpression, isPropertyAccessExpression } = typescript()
  const node = bare(expression)
  return isCallExpression(node) && isPropertyAccessExpression(node.expression)
    ? chainRoot(node.expression.expression)
    : node
}

/** What a call expression calls; undefined if it is neither a method nor a plain name. */
export function callOf(node: ts.Node): Call | undefined {
  const { isCallExpression, isIdentifier, isPropertyAccessExpression } = typescript()
  if (!isCallExpression(node)) return undefined
  const { expression: callee, arguments: list } = node
  if (isIdentifier(callee)) return { node, method: undefined, name: callee.text, root: undefined }
  if (!isPropertyAccessExpression(callee)) return undefined
  const [first] = list
  const name = first !== undefined && isIdentifier(first) ? first.text : undefined
  // Calls in a chain before this one are other registrations on the same instance.
  return { node, method: callee.name.text, name, root: chainRoot(callee.expression) }
}

/** The calls of a whole statement such as `await app.register(a).register(b)`, last one first. */
export function callsOfStatement(node: ts.Node): readonly Call[] {
  const t = typescript()
  if (!t.isExpressionStatement(node)) return []
  const calls: Call[] = []
  let expression = bare(node.expression)
  if (t.isVoidExpression(expression)) expression = bare(expression.expression)
  for (let call = callOf(expression); call !== undefined; call = callOf(expression)) {
    calls.push(call)
    const callee = call.node.expression
    if (!t.isPropertyAccessExpression(callee)) break
    expression = bare(callee.expression)
  }
  return calls
}

/** The methods of an instance that add a route. */
export const routeMethods: readonly string[] = [
  'route',
  'all',
  'get',
  'head',
  'post',
  'put',
  'patch',
  'delete',
  'options',
]

/** Whether a method call adds a route: `app.get('/', handler)`; `app.get('config')` reads something. */
export function isRoute({ method, node: { arguments: list } }: Call): boolean {
  if (method === undefined || !routeMethods.includes(method)) return false
  return list.length > (method === 'route' ? 0 : 1)
}

/** The arguments of a call without whitespace: plain calls of one shape are comparable. */
export function argumentsOf({ file }: Source, { node }: Call): string {
  return node.arguments.map((argument) => argument.getText(file).replace(/\s+/g, '')).join(',')
}

/** Every node below one, nested functions left out. */
export function walkBody(body: ts.Node, visit: (node: ts.Node) => void): void {
  const { forEachChild, isFunctionLike } = typescript()
  const step = (child: ts.Node): void => {
    if (isFunctionLike(child)) return
    visit(child)
    forEachChild(child, step)
  }
  forEachChild(body, step)
}

/** The statement of an op. */
export interface StatementCall extends Call {
  readonly source: Source
  /** The offset of the root in the statement; 0 for a plain call. */
  readonly rootAt: number
}

/** The call in the text of one statement. */
export function parseCall(statement: string): StatementCall {
  const t = typescript()
  const open = 'async () => {'
  const text = `${open}${statement}}`
  // Not through the cache of parsed files: it is to keep the two texts of the edit.
  const file = t.createSourceFile('statement.ts', text, t.ScriptTarget.ESNext, true)
  const [wrapper] = file.statements
  const body = wrapper && t.isExpressionStatement(wrapper) ? wrapper.expression : undefined
  const block = body && t.isArrowFunction(body) && t.isBlock(body.body) ? body.body : undefined
  const call = block?.statements[0] && callsOfStatement(block.statements[0])[0]
  if (call === undefined) throw new TypeError(`not a call statement: ${statement}`)
  const rootAt = (call.root?.getStart(file) ?? open.length) - open.length
  return { ...call, source: { path: 'statement.ts', text, file }, rootAt }
}
