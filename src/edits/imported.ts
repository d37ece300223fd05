import type { ts } from 'ts-morph'
import { typescript } from './compiler.ts'

/** A specifier that a module imports, and where it stands. */
export interface Imported {
  readonly specifier: string
  readonly at: number
}

/** Everything that a module imports, exports again or requires, types included. */
export function importedIn(text: string): readonly Imported[] {
  const { importedFiles } = typescript().preProcessFile(text, true, true)
  return importedFiles.map(({ fileName, pos }) => ({ specifier: fileName, at: pos }))
}

/** The names of what a module declares and exports. */
export function namesExportedBy(text: string): readonly string[] {
  const t = typescript()
  const file = t.createSourceFile('file.ts', text, t.ScriptTarget.Latest)
  return file.statements.flatMap((node) => {
    const isExported =
      t.canHaveModifiers(node) &&
      t.getModifiers(node)?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword)
    if (!isExported) return []
    if (!t.isVariableStatement(node)) {
      const { name } = node as ts.DeclarationStatement
      return name !== undefined && t.isIdentifier(name) ? [name.text] : []
    }
    const names = node.declarationList.declarations.map(({ name }) => name)
    return names.flatMap((name) => (t.isIdentifier(name) ? [name.text] : []))
  })
}

/**
 * Where a module uses one of some names of another that is imported: in braces, or as the property of
 * a namespace. A property of Drizzle's `db.query` is such a name too, without any import.
 */
export function usesThrough(
  text: string,
  names: readonly string[],
  isImported: (specifier: string) => boolean,
): readonly { readonly name: string; readonly at: number }[] {
  const t = typescript()
  const file = t.createSourceFile('file.ts', text, t.ScriptTarget.Latest, true)
  const namespaces = new Set<string>()
  const uses: { name: string; at: number }[] = []
  const use = ({ text: name }: ts.ModuleExportName, node: ts.Node): void => {
    if (names.includes(name)) uses.push({ name, at: node.getStart() })
  }
  const visit = (node: ts.Node): void => {
    if (t.isImportDeclaration(node) || t.isExportDeclaration(node)) {
      const { moduleSpecifier: from } = node
      if (from === undefined || !t.isStringLiteral(from) || !isImported(from.text)) return
      const clause = t.isImportDeclaration(node)
        ? node.importClause?.namedBindings
        : node.exportClause
      if (clause === undefined) return
      if (t.isNamedImports(clause) || t.isNamedExports(clause)) {
        for (const one of clause.elements) use(one.propertyName ?? one.name, one)
      } else namespaces.add(clause.name.text)
      return
    }
    if (t.isPropertyAccessExpression(node) || t.isQualifiedName(node)) {
      const [left, name] = t.isQualifiedName(node)
        ? [node.left, node.right]
        : [node.expression, node.name]
      const isNamespace = t.isIdentifier(left) && namespaces.has(left.text)
      const isQuery = /\b(db|tx|database)\s*\.\s*query$/.test(left.getText())
      if ((isNamespace || isQuery) && t.isIdentifier(name)) use(name, node)
    }
    t.forEachChild(node, visit)
  }
  visit(file)
  return uses
}
