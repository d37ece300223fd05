import type { ts } from 'ts-morph'
import { modulesOf, type Required, requiredBy } from './requires.ts'
import { type Source, typescript } from './source-file.ts'

/** One name that an import declaration binds, or a variable that holds a required module. */
export interface Binding {
  readonly declaration: ts.Statement
  /** The specifier in braces; undefined for a default import. */
  readonly specifier?: ts.ImportSpecifier | ts.BindingElement
  /** How many other names the declaration binds. */
  readonly siblings: number
  readonly from: string
  /** `default`, or the exported name. */
  readonly imported: string
  readonly local: string
  readonly typeOnly: boolean
}

// Other code on a line of theirs does not end a run.
function runsOf({ file, text }: Source, isMember: (node: ts.Statement) => boolean) {
  const runs: ts.Statement[][] = []
  let isOpen = false
  for (const node of file.statements) {
    if (isMember(node)) {
      if (!isOpen) runs.push([])
      runs.at(-1)?.push(node)
      isOpen = true
    } else if (text.slice(node.pos, node.getStart(file)).includes('\n')) isOpen = false
  }
  return runs
}

function importRuns(source: Source) {
  const { isImportDeclaration, isImportEqualsDeclaration } = typescript()
  return runsOf(source, (node) => isImportDeclaration(node) || isImportEqualsDeclaration(node))
}

/** Every import statement of a file. */
export function allImports(source: Source): readonly ts.Statement[] {
  return importRuns(source).flat()
}

/** The longest run of import statements of a file, of equals the first: one may stand alone on top. */
export function importsOf(source: Source): readonly ts.Statement[] {
  return importRuns(source).reduce((most, run) => (run.length > most.length ? run : most), [])
}

/** The first run of statements that begin with a `require`: what follows may need them already. */
export function requiresOf(source: Source): readonly ts.Statement[] {
  return runsOf(source, (node) => modulesOf(node).length > 0)[0] ?? []
}

/** Every default and named import of a file, and every module that a variable is given. */
export function bindings({ file }: Source): Binding[] {
  const { isImportDeclaration, isImportEqualsDeclaration, isVariableStatement } = typescript()
  return file.statements.flatMap((node) => {
    if (isImportDeclaration(node)) return ofDeclaration(node)
    if (isImportEqualsDeclaration(node)) return ofEquals(node)
    return isVariableStatement(node) ? ofVariables(node) : []
  })
}

function ofEquals(declaration: ts.ImportEqualsDeclaration): Binding[] {
  const { isExternalModuleReference, isStringLiteral } = typescript()
  const { moduleReference, name, isTypeOnly: typeOnly } = declaration
  if (!isExternalModuleReference(moduleReference)) return []
  const { expression } = moduleReference
  if (!isStringLiteral(expression)) return []
  const from = expression.text
  return [{ declaration, siblings: 0, from, imported: 'default', local: name.text, typeOnly }]
}

function ofVariables(declaration: ts.VariableStatement): Binding[] {
  const { isIdentifier, isObjectBindingPattern } = typescript()
  const { declarations } = declaration.declarationList
  const count = ({ name }: ts.VariableDeclaration) =>
    isObjectBindingPattern(name) ? name.elements.length : 1
  const siblings = declarations.reduce((sum, variable) => sum + count(variable), 0) - 1
  const bound = ({ declaration: { name }, from, property }: Required): Binding[] => {
    const common = { declaration, siblings, from, typeOnly: false }
    if (isIdentifier(name)) {
      return [{ ...common, imported: property ?? 'default', local: name.text }]
    }
    if (!isObjectBindingPattern(name) || property !== undefined) return []
    return name.elements.flatMap((specifier) => {
      const { name: local, propertyName = local, dotDotDotToken } = specifier
      if (!isIdentifier(local) || !isIdentifier(propertyName) || dotDotDotToken) return []
      return [{ ...common, specifier, imported: propertyName.text, local: local.text }]
    })
  }
  return requiredBy(declaration).flatMap(bound)
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
