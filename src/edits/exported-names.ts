import type { ts } from 'ts-morph'
import { bare } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** An expression that is exported as it stands, without a variable for it. */
export interface ExportedValue {
  readonly value: ts.Expression
  /** The exported name; undefined for the default export and `module.exports`. */
  readonly name: string | undefined
  readonly isDefault: boolean
}

export interface Exports {
  /** Local names that are exported elsewhere than at their declaration. */
  readonly names: ReadonlySet<string>
  /** Those of them that are the default export, or all that the module exports. */
  readonly defaults: ReadonlySet<string>
  readonly values: readonly ExportedValue[]
}

/** What a file exports beside its `export` declarations, as a module or by `module.exports`. */
export function exportsOf({ file }: Source): Exports {
  const t = typescript()
  const names = new Set<string>()
  const defaults = new Set<string>()
  const values: ExportedValue[] = []
  const add = (value: ts.Expression, name: string | undefined): void => {
    const isDefault = name === undefined || name === 'default'
    if (t.isIdentifier(value)) {
      names.add(value.text)
      if (isDefault) defaults.add(value.text)
    } else if (isDefault && t.isObjectLiteralExpression(value)) {
      for (const property of value.properties) {
        if (t.isShorthandPropertyAssignment(property)) names.add(property.name.text)
        else if (t.isPropertyAssignment(property) && t.isIdentifier(property.initializer)) {
          names.add(property.initializer.text)
        }
      }
    } else values.push({ value, name: isDefault ? undefined : name, isDefault })
  }
  for (const node of file.statements) {
    if (t.isExportAssignment(node)) add(node.expression, undefined)
    else if (t.isExportDeclaration(node) && node.moduleSpecifier === undefined) {
      if (node.exportClause === undefined || !t.isNamedExports(node.exportClause)) continue
      for (const { propertyName, name } of node.exportClause.elements) {
        names.add((propertyName ?? name).text)
        if (name.text === 'default') defaults.add((propertyName ?? name).text)
      }
    } else {
      for (const { value, name } of assignedExports(node)) add(value, name)
    }
  }
  return { names, defaults, values }
}

/** An assignment to what a module exports; without a name to all of it. */
export interface AssignedExport {
  readonly value: ts.Expression
  readonly name: string | undefined
}

/** What `module.exports = x`, `module.exports.name = x` and `exports.name = x` export. */
export function assignedExport(node: ts.Node): AssignedExport | undefined {
  return typescript().isExpressionStatement(node) ? assignedIn(node.expression) : undefined
}

/** The same also where a variable is declared with it: `const x = (module.exports = y)` exports `x`. */
export function assignedExports(node: ts.Node): readonly AssignedExport[] {
  const { isVariableStatement, isIdentifier } = typescript()
  if (!isVariableStatement(node)) {
    const assigned = assignedExport(node)
    return assigned === undefined ? [] : [assigned]
  }
  return node.declarationList.declarations.flatMap(({ name, initializer }) => {
    const assigned = initializer && assignedIn(bare(initializer))
    return assigned !== undefined && isIdentifier(name) ? [{ ...assigned, value: name }] : []
  })
}

function assignedIn(expression: ts.Expression): AssignedExport | undefined {
  const t = typescript()
  if (!t.isBinaryExpression(expression)) return undefined
  const { left, right: value, operatorToken } = expression
  if (operatorToken.kind !== t.SyntaxKind.EqualsToken) return undefined
  if (!t.isPropertyAccessExpression(left)) return undefined
  if (isModuleExports(left)) return { value, name: undefined }
  const { expression: object, name } = left
  const isExports = t.isIdentifier(object) && object.text === 'exports'
  return isExports || isModuleExports(object) ? { value, name: name.text } : undefined
}

function isModuleExports(node: ts.Expression): boolean {
  const { isPropertyAccessExpression, isIdentifier } = typescript()
  if (!isPropertyAccessExpression(node) || node.name.text !== 'exports') return false
  return isIdentifier(node.expression) && node.expression.text === 'module'
}
