import type { ts } from 'ts-morph'
import { exportsOf } from './exported-names.ts'
import { candidate, type Refused, refused } from './refuse.ts'
import { bare } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** A function at the top level of a file. */
export interface TopFunction {
  readonly node: ts.SignatureDeclaration
  /** `default` if it has no name of its own. */
  readonly name: string
  readonly isExported: boolean
  readonly isDefault: boolean
  /** The expression that it stands in: `fp(async (app) => {})`, or the function itself. */
  readonly whole: ts.Node
}

/** A function whose body is a block. */
export interface FunctionBody {
  readonly node: ts.SignatureDeclaration
  readonly block: ts.Block
}

/** The function that an expression is, also inside `fp(…)`, parentheses, `as` and `satisfies`. */
function functionIn(expression: ts.Expression): ts.SignatureDeclaration | undefined {
  const { isFunctionLike, isCallExpression, isIdentifier } = typescript()
  const node = bare(expression)
  if (isFunctionLike(node)) return node
  // A method that is called is no wrapper: `Fastify().register(async () => {})` is no function.
  if (!isCallExpression(node) || !isIdentifier(node.expression)) return undefined
  return node.arguments[0] && functionIn(node.arguments[0])
}

/** Every function at the top level of a file, with the names under which others reach it. */
export function topFunctions(source: Source): TopFunction[] {
  const t = typescript()
  const { names, defaults, values } = exportsOf(source)
  const found: TopFunction[] = []
  const add = (node: ts.SignatureDeclaration, name: string, whole: ts.Node, modified = false) => {
    const isExported = modified || names.has(name)
    found.push({ node, name, isExported, isDefault: defaults.has(name), whole })
  }
  for (const statement of source.file.statements) {
    const isModified = modifies(statement, t.SyntaxKind.ExportKeyword)
    if (t.isFunctionDeclaration(statement) && statement.body !== undefined) {
      const isDefault = modifies(statement, t.SyntaxKind.DefaultKeyword)
      const name = statement.name?.text ?? 'default'
      const common = { node: statement, name, whole: statement, isExported: isModified }
      if (isDefault) found.push({ ...common, isDefault })
      else add(statement, name, statement, isModified)
    } else if (t.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        const node = initializer && functionIn(initializer)
        if (t.isIdentifier(name) && node) add(node, name.text, initializer, isModified)
      }
    }
  }
  for (const { value, name, isDefault } of values) {
    const node = functionIn(value)
    if (node === undefined) continue
    const own = (node as { name?: ts.Node }).name
    const label = own && t.isIdentifier(own) ? own.text : (name ?? 'default')
    found.push({ node, name: label, isExported: true, isDefault, whole: value })
  }
  return found
}

/** The methods of the classes at the top level of a file, named `Server.mount`. */
export function methodsOf({ file }: Source): TopFunction[] {
  const t = typescript()
  return file.statements.flatMap((statement) => {
    if (!t.isClassDeclaration(statement) || statement.name === undefined) return []
    const { text } = statement.name
    const isExported = modifies(statement, t.SyntaxKind.ExportKeyword)
    return statement.members.flatMap((node): TopFunction[] => {
      if (!t.isMethodDeclaration(node) || !t.isIdentifier(node.name)) return []
      const name = `${text}.${node.name.text}`
      return [{ node, name, isExported, isDefault: false, whole: node }]
    })
  })
}

function modifies(node: ts.Node, keyword: ts.SyntaxKind): boolean {
  const { canHaveModifiers, getModifiers } = typescript()
  const modifiers = canHaveModifiers(node) ? getModifiers(node) : undefined
  return modifiers?.some(({ kind }) => kind === keyword) ?? false
}

/** Whether `await` may stand in the code of a function. */
export function isAsync(node: ts.Node): boolean {
  return modifies(node, typescript().SyntaxKind.AsyncKeyword)
}

/**
 * Finds the exported (or only) top-level function, or the method `Class.name`, of a name; `default` is also the default export.
 *
 * @returns undefined if there is none
 */
export function findFunction(
  source: Source,
  within: string,
  snippet: string,
): FunctionBody | Refused | undefined {
  const all = [...topFunctions(source), ...methodsOf(source)].filter(
    ({ name, isDefault }) => name === within || (within === 'default' && isDefault),
  )
  const exported = all.filter(({ isExported }) => isExported)
  const found = exported.length > 0 ? exported : all
  const [first] = found
  if (first === undefined) return undefined
  const at = first.node.getStart(source.file)
  if (found.length > 1) {
    const places = found.map(({ node }) => candidate(source, node.getStart(source.file)))
    const message = `There are ${found.length} functions "${within}".`
    return refused(source, 'AMBIGUOUS', { message, at, snippet, candidates: places })
  }
  const block = blockOf(first.node)
  if (block !== undefined) return { node: first.node, block }
  const message = `The function "${within}" has no body in braces.`
  return refused(source, 'NO_ANCHOR', { message, at, snippet })
}

/** The braces of a function; undefined for an arrow function without. */
export function blockOf(node: ts.Node): ts.Block | undefined {
  const { isBlock, isFunctionLike } = typescript()
  const { body } = node as { body?: ts.Node }
  return isFunctionLike(node) && body !== undefined && isBlock(body) ? body : undefined
}
