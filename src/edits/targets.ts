import type { ts } from 'ts-morph'
import { type AssignedExport, assignedExports } from './exported-names.ts'
import { isOwnModule, originOf } from './origins.ts'
import { bare, declarationOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** What another module exports; dots lead to a member: `Routes.mount`. `*` is the module itself. */
export interface Exported {
  readonly from: string
  readonly imported: string
  /** Whether the value is what the exported function returns. */
  readonly isMade?: true
}

/** What an expression stands for, as far as one file tells. */
export type Target = { readonly node: ts.Node } | Exported

// Values that are handed through more names than that are nobody's way to write a plugin.
const DEPTH = 6

/** The function, list or import that an expression means, `fp(…)` and the like taken off. */
export function targetOf(expression: ts.Node, depth = DEPTH): Target | undefined {
  const t = typescript()
  if (depth === 0 || !t.isExpression(expression)) return undefined
  const node = bare(expression)
  if (t.isFunctionLike(node) || t.isArrayLiteralExpression(node)) return { node }
  const member = t.isPropertyAccessExpression(node) ? memberOf(node, depth) : undefined
  if (member !== undefined) return member
  const origin = originOf(node)
  if (origin !== undefined) return origin
  if (t.isIdentifier(node)) return declared(declarationOf(node), depth)
  return t.isCallExpression(node) ? wrapped(node, depth) : undefined
}

function declared(declaration: ts.Node | undefined, depth: number): Target | undefined {
  const t = typescript()
  if (declaration === undefined) return undefined
  if (t.isFunctionDeclaration(declaration)) return { node: declaration }
  if (!t.isVariableDeclaration(declaration) || declaration.initializer === undefined) return
  return targetOf(declaration.initializer, depth - 1)
}

/** A wrapper from a package, as `fp`, is seen through; a function of the project makes a plugin. */
function wrapped({ expression: callee, arguments: list }: ts.CallExpression, depth: number) {
  const made = targetOf(callee, depth - 1)
  if (made !== undefined && 'from' in made && isOwnModule(made.from)) {
    return { ...made, isMade: true } as const
  }
  const [first] = list
  return first && made !== undefined && 'from' in made ? targetOf(first, depth - 1) : undefined
}

/** `this.mount`, `Routes.mount` and `routes.users`, where the object is known. */
function memberOf(node: ts.PropertyAccessExpression, depth: number): Target | undefined {
  const t = typescript()
  const { expression: object, name } = node
  if (object.kind === t.SyntaxKind.ThisKeyword) {
    return memberNamed(t.findAncestor(node, t.isClassLike), name.text, depth)
  }
  if (!t.isIdentifier(object)) return undefined
  const origin = originOf(object)
  if (origin !== undefined) {
    const isWhole = origin.imported === '*' || (origin.imported === 'default' && isDefault(name))
    return isWhole ? undefined : { ...origin, imported: `${origin.imported}.${name.text}` }
  }
  const declaration = declarationOf(object)
  const { initializer } = (declaration ?? {}) as { initializer?: ts.Expression }
  return memberNamed(initializer ? bare(initializer) : declaration, name.text, depth)
}

function isDefault({ text }: ts.MemberName): boolean {
  return text === 'default'
}

function memberNamed(owner: ts.Node | undefined, name: string, depth: number): Target | undefined {
  const node = memberNode(owner, name)
  if (node === undefined) return undefined
  return typescript().isFunctionLike(node) ? { node } : targetOf(node, depth - 1)
}

/** The method of a class or an object, or the value of its property. */
function memberNode(owner: ts.Node | undefined, name: string): ts.Node | undefined {
  const t = typescript()
  const members =
    owner && t.isClassLike(owner)
      ? owner.members
      : owner && t.isObjectLiteralExpression(owner)
        ? owner.properties
        : []
  for (const member of members) {
    const label = member.name
    if (label === undefined || !('text' in label) || label.text !== name) continue
    if (t.isFunctionLike(member)) return member
    if (t.isShorthandPropertyAssignment(member)) return member.name
    return (member as { initializer?: ts.Expression }).initializer
  }
  return undefined
}

/** What a file exports under a name, its own or that of another module. */
export function exportedTarget(source: Source, imported: string): Target | undefined {
  const [name = '', ...path] = imported.split('.')
  const written = exportNamed(source, name)
  const found = written && ('from' in written ? written : exportedValue(written.node))
  const [member] = path
  if (member === undefined || found === undefined) return found
  if ('from' in found) return { ...found, imported: `${found.imported}.${member}` }
  return memberNamed(found.node, member, DEPTH)
}

/** The modules of which a file exports everything. */
export function starExports({ file }: Source): readonly string[] {
  const { isExportDeclaration, isStringLiteral } = typescript()
  return file.statements.flatMap((node) => {
    if (!isExportDeclaration(node) || node.exportClause !== undefined) return []
    const { moduleSpecifier } = node
    return moduleSpecifier && isStringLiteral(moduleSpecifier) ? [moduleSpecifier.text] : []
  })
}

/** What a file exports under a name as it stands there: a declaration, or an expression. */
export function exportNamed({ file }: Source, name: string): Target | undefined {
  const isWhole = name === 'default' || name === '*'
  for (const statement of file.statements) {
    const found = exportIn(statement, isWhole ? 'default' : name)
    if (found !== undefined) return found
  }
  return undefined
}

function exportIn(statement: ts.Statement, name: string): Target | undefined {
  const t = typescript()
  if (t.isExportAssignment(statement))
    return assignedAs({ value: statement.expression, name: undefined }, name)
  if (t.isExportDeclaration(statement)) return exportedBy(statement, name)
  for (const assigned of assignedExports(statement)) {
    const found = assignedAs(assigned, name)
    if (found !== undefined) return found
  }
  if (!t.canHaveModifiers(statement)) return undefined
  const kinds = t.getModifiers(statement)?.map(({ kind }) => kind) ?? []
  if (!kinds.includes(t.SyntaxKind.ExportKeyword)) return undefined
  const isDefaultExport = kinds.includes(t.SyntaxKind.DefaultKeyword)
  if (t.isFunctionDeclaration(statement) || t.isClassDeclaration(statement)) {
    const label = isDefaultExport ? 'default' : statement.name?.text
    return label === name ? { node: statement } : undefined
  }
  if (!t.isVariableStatement(statement)) return undefined
  const node = statement.declarationList.declarations.find(
    (one) => t.isIdentifier(one.name) && one.name.text === name,
  )
  return node && { node }
}

function exportedBy(statement: ts.ExportDeclaration, name: string): Target | undefined {
  const t = typescript()
  const { exportClause, moduleSpecifier } = statement
  if (exportClause === undefined || !t.isNamedExports(exportClause)) return undefined
  const one = exportClause.elements.find((element) => element.name.text === name)
  if (one === undefined) return undefined
  const local = one.propertyName ?? one.name
  if (moduleSpecifier === undefined) return { node: local }
  return t.isStringLiteral(moduleSpecifier)
    ? { from: moduleSpecifier.text, imported: local.text }
    : undefined
}

function assignedAs({ value, name: label }: AssignedExport, name: string): Target | undefined {
  if (label === name || (label === undefined && name === 'default')) return { node: value }
  const member = label === undefined ? memberNode(value, name) : undefined
  return member && { node: member }
}

/** A class or an object is a value as well: it has members. */
function exportedValue(exported: ts.Node): Target | undefined {
  const t = typescript()
  if (t.isVariableDeclaration(exported)) {
    return exported.initializer && exportedValue(exported.initializer)
  }
  if (!t.isExpression(exported)) return { node: exported }
  const node = bare(exported)
  if (t.isObjectLiteralExpression(node) || t.isClassLike(node)) return { node }
  const declaration = t.isIdentifier(node) ? declarationOf(node) : undefined
  if (declaration !== undefined && t.isClassLike(declaration)) return { node: declaration }
  return targetOf(node)
}
