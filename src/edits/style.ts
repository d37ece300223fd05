import type { ts } from 'ts-morph'
import { modulesOf } from './requires.ts'
import { type Source, typescript } from './source-file.ts'

function majority(votes: readonly boolean[]): boolean | undefined {
  const ayes = votes.filter(Boolean).length
  return ayes * 2 === votes.length ? votes[0] : ayes * 2 > votes.length
}

/** The quote that the module specifiers of a file use, else its other strings; or single ones. */
export function quote(source: Source): string {
  const { isImportDeclaration, isExportDeclaration } = typescript()
  const { file, text } = source
  const votes = file.statements.flatMap((statement) => {
    const required = modulesOf(statement).length > 0 ? requireMark(source, statement) : undefined
    if (required !== undefined) return [required === '"']
    if (!isImportDeclaration(statement) && !isExportDeclaration(statement)) return []
    const { moduleSpecifier } = statement
    return moduleSpecifier === undefined ? [] : [text[moduleSpecifier.getStart(file)] === '"']
  })
  return (majority(votes) ?? majority(strings(source))) ? '"' : "'"
}

function requireMark({ file }: Source, statement: ts.Statement): string | undefined {
  return /\brequire\(\s*(['"])/.exec(statement.getText(file))?.[1]
}

function strings({ file, text }: Source): boolean[] {
  const { forEachChild, isStringLiteral, isJsxAttribute } = typescript()
  const list: boolean[] = []
  const visit = (node: ts.Node): void => {
    const isPlain = isStringLiteral(node) && !isJsxAttribute(node.parent)
    if (isPlain) list.push(text[node.getStart(file)] === '"')
    forEachChild(node, visit)
  }
  visit(file)
  return list
}

/**
 * How a new statement ends: as those in `list` do, else as those at the top of the file, else as
 * those anywhere in it.
 *
 * @param unheard statements that never count
 */
export function semicolon(
  source: Source,
  list: readonly ts.Statement[],
  unheard: readonly ts.Statement[] = [],
): string {
  const decided = majority(votes(source, list)) ?? majority(votes(source, source.file.statements))
  return (decided ?? majority(votes(source, nested(source.file, new Set(unheard))))) ? ';' : ''
}

function votes({ text }: Source, list: readonly ts.Statement[]): boolean[] {
  const { SyntaxKind } = typescript()
  const closed = new Set([
    SyntaxKind.ExpressionStatement,
    SyntaxKind.VariableStatement,
    SyntaxKind.ReturnStatement,
    SyntaxKind.ImportDeclaration,
    SyntaxKind.ExportDeclaration,
    SyntaxKind.ExportAssignment,
  ])
  return list
    .filter((statement) => closed.has(statement.kind))
    .map((statement) => /[^\s];$/.test(text.slice(statement.pos, statement.end)))
}

function nested(root: ts.Node, unheard: ReadonlySet<ts.Statement>): ts.Statement[] {
  const { forEachChild, isBlock } = typescript()
  const list: ts.Statement[] = []
  const visit = (node: ts.Node): void => {
    if (isBlock(node)) list.push(...node.statements.filter((child) => !unheard.has(child)))
    forEachChild(node, visit)
  }
  visit(root)
  return list
}

/** The text of a node without anything that a formatter may change. */
export function essence(text: string): string {
  return text
    .replace(/\s+/g, '')
    .replace(/;$/, '')
    .replace(/,(?=[)\]}])/g, '')
    .replaceAll('"', "'")
}
