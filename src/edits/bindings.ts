import type { ts } from 'ts-morph'
import { type Source, typescript } from './source-file.ts'

/** One name that an import declaration binds. */
export interface Binding {
  readonly declaration: ts.ImportDeclaration
  /** The specifier in braces; undefined for a default import. */
  readonly specifier?: ts.ImportSpecifier
  /** How many other names the declaration binds. */
  readonly siblings: number
  readonly from: string
  /** `default`, or the exported name. */
  readonly imported: string
  readonly local: string
  readonly typeOnly: boolean
}

/** The first run of import statements of a file; other code on a line of theirs does not end it. */
export function importsOf({ file, text }: Source): readonly ts.Statement[] {
  const { isImportDeclaration, isImportEqualsDeclaration } = typescript()
  const isImport = (node: ts.Statement) =>
    isImportDeclaration(node) || isImportEqualsDeclaration(node)
  const first = file.statements.findIndex(isImport)
  if (first === -1) return []
  const behind = file.statements.findIndex(
    (node, i) =>
      i > first && !isImport(node) && text.slice(node.pos, node.getStart(file)).includes('\n'),
  )
  return file.statements.slice(first, behind === -1 ? undefined : behind).filter(isImport)
}

/** Every default and named import of a file. */
export function bindings({ file }: Source): Binding[] {
  const { isImportDeclaration } = typescript()
  return file.statements.flatMap((node) => (isImportDeclaration(node) ? ofDeclaration(node) : []))
}

function ofDeclaration(declaration: ts.ImportDeclaration): Binding[] {
  const { isNamedImports, isStringLiteral } = typescript()
  const { importClause: clause, moduleSpecifier } = declaration
  if (clause === undefined || !isStringLiteral(moduleSpecifier)) return []
  const from = moduleSpecifier.text
  const { name, namedBindings, isTypeOnly } = clause
  const named =
    namedBindings !== undefined && isNamedImports(namedBindings) ? namedBindings.elements : []
  const namespaces = namedBindings !== undefined && !isNamedImports(namedBindings) ? 1 : 0
  const siblings = named.length + namespaces + (name === undefined ? 0 : 1) - 1
  const common = { declaration, siblings, from }
  const list: Binding[] = named.map((specifier) => ({
    ...common,
    specifier,
    imported: (specifier.propertyName ?? specifier.name).text,
    local: specifier.name.text,
    typeOnly: isTypeOnly || specifier.isTypeOnly,
  }))
  if (name === undefined) return list
  return [{ ...common, imported: 'default', local: name.text, typeOnly: isTypeOnly }, ...list]
}

/** The names that the top level of a file binds, with what binds them. */
export function topLevelNames({ file }: Source): ReadonlyMap<string, ts.Node> {
  const { isVariableStatement, isImportDeclaration, isIdentifier, forEachChild } = typescript()
  const names = new Map<string, ts.Node>()
  const pattern = (name: ts.BindingName): void => {
    if (isIdentifier(name)) names.set(name.text, name)
    else for (const element of name.elements) if ('name' in element) pattern(element.name)
  }
  const importNames = (node: ts.Node): void =>
    forEachChild(node, (child) => {
      const { name } = child as { name?: ts.Node }
      if (name !== undefined && isIdentifier(name)) names.set(name.text, name)
      importNames(child)
    })
  for (const statement of file.statements) {
    if (isImportDeclaration(statement)) importNames(statement)
    else if (isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) pattern(declaration.name)
    } else {
      const { name } = statement as { name?: ts.Node }
      if (name !== undefined && isIdentifier(name)) names.set(name.text, name)
    }
  }
  return names
}
