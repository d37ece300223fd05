import type { ts } from 'ts-morph'
import { type Source, typescript } from './source-file.ts'

/** Whether an identifier only labels something, as `x` in `a.x`, `{ x: 1 }` or `import { x as y }`. */
function isLabel(node: ts.Identifier): boolean {
  const { SyntaxKind } = typescript()
  const { parent } = node
  const part = parent as { name?: ts.Node; right?: ts.Node; propertyName?: ts.Node }
  if (parent.kind === SyntaxKind.ShorthandPropertyAssignment) return false
  if (parent.kind === SyntaxKind.ExportSpecifier)
    return part.propertyName !== undefined && part.name === node
  if (parent.kind === SyntaxKind.QualifiedName) return part.right === node
  return part.name === node || part.propertyName === node
}

function binds(list: readonly { readonly name?: ts.Node | undefined }[], name: string): boolean {
  const { isIdentifier } = typescript()
  return list.some(({ name: node }) => {
    if (node === undefined) return false
    if (isIdentifier(node)) return node.text === name
    const { elements } = node as { elements?: readonly { readonly name?: ts.Node }[] }
    return elements !== undefined && binds(elements, name)
  })
}

/** Whether a function or block declares the name for itself, so that uses in it mean that one. */
function shadows(node: ts.Node, name: string): boolean {
  const { isFunctionLike, isBlock, isVariableStatement } = typescript()
  if (isFunctionLike(node)) return binds(node.parameters, name)
  if (!isBlock(node)) return false
  return node.statements.some((statement) =>
    isVariableStatement(statement)
      ? binds(statement.declarationList.declarations, name)
      : binds([statement as { name?: ts.Node }], name),
  )
}

/** The offset of the first use of a name outside one node; undefined if there is none. */
export function firstUse(source: Source, name: string, outside: ts.Node): number | undefined {
  const { forEachChild, isIdentifier } = typescript()
  const visit = (node: ts.Node): number | undefined => {
    if (node === outside || shadows(node, name)) return undefined
    if (isIdentifier(node) && node.text === name && !isLabel(node))
      return node.getStart(source.file)
    return forEachChild(node, visit)
  }
  return forEachChild(source.file, visit)
}
