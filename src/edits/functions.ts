import type { ts } from 'ts-morph'
import { candidate, type Refused, refused } from './refuse.ts'
import { type Source, typescript } from './source-file.ts'

/** A function whose body is a block. */
export interface FunctionBody {
  readonly node: ts.SignatureDeclaration
  readonly block: ts.Block
  readonly isAsync: boolean
}

interface Candidate {
  readonly node: ts.Node
  readonly isExported: boolean
}

/** The function that an expression is, also inside `fp(…)`, parentheses, `as` and `satisfies`. */
function functionIn(node: ts.Node | undefined): ts.Node | undefined {
  const t = typescript()
  if (node === undefined || t.isFunctionLike(node)) return node
  if (t.isCallExpression(node)) return functionIn(node.arguments[0])
  if (
    t.isParenthesizedExpression(node) ||
    t.isAsExpression(node) ||
    t.isSatisfiesExpression(node)
  ) {
    return functionIn(node.expression)
  }
  return undefined
}

function exportedNames({ file }: Source): Set<string> {
  const { isExportDeclaration, isExportAssignment, isNamedExports, isIdentifier } = typescript()
  const names = new Set<string>()
  for (const node of file.statements) {
    if (isExportAssignment(node) && isIdentifier(node.expression)) names.add(node.expression.text)
    if (!isExportDeclaration(node) || node.moduleSpecifier !== undefined) continue
    if (node.exportClause === undefined || !isNamedExports(node.exportClause)) continue
    for (const { propertyName, name } of node.exportClause.elements) {
      names.add((propertyName ?? name).text)
    }
  }
  return names
}

function candidates(source: Source, within: string): Candidate[] {
  const t = typescript()
  const exported = exportedNames(source)
  const found: Candidate[] = []
  const add = (node: ts.Node | undefined, statement: ts.Statement) => {
    if (node === undefined || !t.isFunctionLike(node)) return
    const modifiers = t.canHaveModifiers(statement) ? t.getModifiers(statement) : undefined
    const isExported = modifiers?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword)
    found.push({ node, isExported: isExported || exported.has(within) })
  }
  for (const statement of source.file.statements) {
    if (t.isFunctionDeclaration(statement)) {
      if (statement.name?.text === within && statement.body !== undefined) add(statement, statement)
    } else if (t.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (t.isIdentifier(name) && name.text === within) add(functionIn(initializer), statement)
      }
    } else if (t.isExportAssignment(statement)) {
      const node = functionIn(statement.expression)
      const { name } = (node ?? {}) as { name?: ts.Node }
      if (name !== undefined && t.isIdentifier(name) && name.text === within) {
        found.push({ node: node as ts.Node, isExported: true })
      }
    }
  }
  return found
}

/** Finds the exported (or only) top-level function of a name. */
export function findFunction(
  source: Source,
  within: string,
  snippet: string,
): FunctionBody | Refused {
  const all = candidates(source, within)
  const exported = all.filter(({ isExported }) => isExported)
  const found = exported.length > 0 ? exported : all
  const [first] = found
  if (first === undefined) {
    const message = `There is no function "${within}" to put this in.`
    return refused(source, 'NO_ANCHOR', { message, snippet })
  }
  if (found.length > 1) {
    const places = found.map(({ node }) => candidate(source, node.getStart(source.file)))
    const message = `There are ${found.length} functions "${within}".`
    const at = first.node.getStart(source.file)
    return refused(source, 'AMBIGUOUS', { message, at, snippet, candidates: places })
  }
  return bodyOf(source, first.node as ts.SignatureDeclaration, within, snippet)
}

function bodyOf(
  source: Source,
  node: ts.SignatureDeclaration,
  within: string,
  snippet: string,
): FunctionBody | Refused {
  const { isBlock, SyntaxKind, canHaveModifiers, getModifiers } = typescript()
  const { body } = node as { body?: ts.Node }
  if (body === undefined || !isBlock(body)) {
    const message = `The function "${within}" has no body in braces.`
    const at = node.getStart(source.file)
    return refused(source, 'NO_ANCHOR', { message, at, snippet })
  }
  const modifiers = canHaveModifiers(node) ? getModifiers(node) : undefined
  const isAsync = modifiers?.some(({ kind }) => kind === SyntaxKind.AsyncKeyword) ?? false
  return { node, block: body, isAsync }
}
