import type { ts } from 'ts-morph'
import { lineNumber } from './lines.ts'
import { originOf } from './origins.ts'
import { bare, declarationOf } from './scopes.ts'
import { parse, typescript } from './source-file.ts'

/** A table of PostgreSQL that a file declares at its top level. */
export interface DeclaredTable {
  readonly variable: string
  /** Its name in the database, where it is written out and no function makes another one of it. */
  readonly name?: string
  readonly line: number
}

/** What a file has of a schema. */
export interface DrizzleTables {
  readonly tables: readonly DeclaredTable[]
  /** The modules of which it exports everything. */
  readonly reexports: readonly string[]
}

const makers = new Set(['pgTable', 'pgTableCreator', 'pgSchema'])

/** Looks for tables in the syntax of one file. */
export function drizzleTables(path: string, text: string): DrizzleTables {
  const { file } = parse({ path, text })
  const t = typescript()
  const tables: DeclaredTable[] = []
  const reexports: string[] = []
  for (const statement of file.statements) {
    if (t.isExportDeclaration(statement)) {
      const { moduleSpecifier, exportClause } = statement
      const isStar =
        exportClause === undefined && moduleSpecifier && t.isStringLiteral(moduleSpecifier)
      if (isStar) reexports.push(moduleSpecifier.text)
    } else if (t.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        const made = initializer && tableIn(initializer)
        if (made === undefined || !t.isIdentifier(name)) continue
        tables.push({ ...made, variable: name.text, line: lineNumber(text, name.getStart(file)) })
      }
    }
  }
  return { tables, reexports }
}

/** `pgTable('users', …)`, or what a maker of tables is called with. */
function tableIn(initializer: ts.Expression): { readonly name?: string } | undefined {
  const t = typescript()
  const call = bare(initializer)
  if (!t.isCallExpression(call)) return undefined
  const maker = makerOf(call.expression)
  if (maker === 'pgTable') {
    const [name] = call.arguments
    return name && t.isStringLiteralLike(name) ? { name: name.text } : {}
  }
  const { expression: callee } = call
  const isOfSchema = t.isPropertyAccessExpression(callee) && callee.name.text === 'table'
  const origin = makerOfVariable(isOfSchema ? callee.expression : callee)
  return origin === (isOfSchema ? 'pgSchema' : 'pgTableCreator') ? {} : undefined
}

/** The maker that a variable was given by: `pgTableCreator(…)`. */
function makerOfVariable(node: ts.Expression): string | undefined {
  const t = typescript()
  const declaration = t.isIdentifier(node) ? declarationOf(node) : undefined
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) return undefined
  const value = declaration.initializer && bare(declaration.initializer)
  return value && t.isCallExpression(value) ? makerOf(value.expression) : undefined
}

function makerOf(callee: ts.Expression): string | undefined {
  const origin = originOf(callee)
  const isMaker = origin?.from === 'drizzle-orm/pg-core' && makers.has(origin.imported)
  return isMaker ? origin.imported : undefined
}
