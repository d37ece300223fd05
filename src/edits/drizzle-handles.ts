import type { ts } from 'ts-morph'
import { type Drizzled, drizzledIn, madeByFunction, ownOriginOf } from './drizzle-values.ts'
import { lineNumber } from './lines.ts'
import type { Origin } from './origins.ts'
import { parse, type Source, typescript } from './source-file.ts'

/** A handle that a file exports; `default` is the name of the default export. */
export interface ExportedHandle extends Drizzled {
  readonly name: string
  readonly line: number
}

/** `fastify.decorate('db', …)`: its handle, or the module that its value comes from. */
export interface Decoration {
  readonly name: string
  readonly line: number
  readonly handle?: Drizzled
  readonly origin?: Origin
}

/** What a file has of database handles. */
export interface DrizzleHandles {
  readonly exported: readonly ExportedHandle[]
  /** Exported functions that return a handle. */
  readonly makers: readonly ExportedHandle[]
  readonly decorations: readonly Decoration[]
}

/** Looks for database handles of Drizzle in the syntax of one file. */
export function drizzleHandles(path: string, text: string): DrizzleHandles {
  const source = parse({ path, text })
  const values = exportedValues(source)
  const found = (read: (node: ts.Node) => Drizzled | undefined) =>
    values.flatMap(({ name, node }): readonly ExportedHandle[] => {
      const handle = read(node)
      return handle === undefined ? [] : [{ ...handle, name, line: lineOf(source, node) }]
    })
  const { isExpression } = typescript()
  return {
    exported: found((node) => (isExpression(node) ? drizzledIn(node) : undefined)),
    makers: found((node) => madeByFunction(node)),
    decorations: decorationsOf(source),
  }
}

interface ExportedNode {
  readonly name: string
  /** An expression, or a function declaration. */
  readonly node: ts.Node
}

function exportedValues({ file }: Source): readonly ExportedNode[] {
  const t = typescript()
  return file.statements.flatMap((statement): readonly ExportedNode[] => {
    if (t.isExportAssignment(statement)) return [{ name: 'default', node: statement.expression }]
    if (t.isExportDeclaration(statement)) return listed(statement)
    if (!isExported(statement)) return []
    if (t.isFunctionDeclaration(statement)) {
      const isDefault = (statement.modifiers ?? []).some(
        ({ kind }) => kind === t.SyntaxKind.DefaultKeyword,
      )
      const name = isDefault ? 'default' : statement.name?.text
      return name === undefined ? [] : [{ name, node: statement }]
    }
    if (!t.isVariableStatement(statement)) return []
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      t.isIdentifier(name) && initializer ? [{ name: name.text, node: initializer }] : [],
    )
  })
}

/** `export { db, client as default }`. */
function listed({ moduleSpecifier, exportClause }: ts.ExportDeclaration): readonly ExportedNode[] {
  const t = typescript()
  if (moduleSpecifier !== undefined || !exportClause || !t.isNamedExports(exportClause)) return []
  return exportClause.elements.flatMap(({ propertyName, name }) => {
    const local = propertyName ?? name
    return t.isIdentifier(local) ? [{ name: name.text, node: local }] : []
  })
}

function isExported(statement: ts.Statement): boolean {
  const t = typescript()
  const modifiers = t.canHaveModifiers(statement) ? t.getModifiers(statement) : undefined
  return modifiers?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword) ?? false
}

function decorationsOf(source: Source): readonly Decoration[] {
  const t = typescript()
  const found: Decoration[] = []
  const visit = (node: ts.Node): void => {
    if (t.isCallExpression(node)) {
      const { expression, arguments: list } = node
      const [name, value] = list
      const isDecorate =
        t.isPropertyAccessExpression(expression) && expression.name.text === 'decorate'
      if (isDecorate && name && value && t.isStringLiteral(name)) {
        found.push(decorationOf(source, name, value))
      }
    }
    t.forEachChild(node, visit)
  }
  visit(source.file)
  return found
}

function decorationOf(source: Source, name: ts.StringLiteral, value: ts.Expression): Decoration {
  const handle = drizzledIn(value)
  const origin = ownOriginOf(value)
  return {
    name: name.text,
    line: lineOf(source, name),
    ...(handle === undefined ? {} : { handle }),
    ...(origin === undefined ? {} : { origin }),
  }
}

function lineOf({ text, file }: Source, node: ts.Node): number {
  return lineNumber(text, node.getStart(file))
}
