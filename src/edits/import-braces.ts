import type { ts } from 'ts-morph'
import type { EnsureImport } from '../model/op.ts'
import type { Binding } from './bindings.ts'
import { compareNatural } from './collation.ts'
import { eolAt, indentAt } from './lines.ts'
import { placeByRank } from './rank.ts'
import { type Refused, refused } from './refuse.ts'
import { requiredBy } from './requires.ts'
import { type Source, typescript } from './source-file.ts'
import { leadsTo } from './specifier.ts'
import type { Cut, Splice } from './splice.ts'

function hasComment(text: string): boolean {
  return text.includes('//') || text.includes('/*')
}

type Braces = ts.NamedImports | ts.ObjectBindingPattern

function bracesOf(node: ts.Statement, op: EnsureImport): Braces | undefined {
  const t = typescript()
  if (t.isVariableStatement(node)) {
    const { declarations } = node.declarationList
    const [required] = requiredBy(node)
    const name = declarations.length === 1 ? required?.declaration.name : undefined
    if (required === undefined || name === undefined || !t.isObjectBindingPattern(name)) {
      return undefined
    }
    const isWhole = required.property === undefined && leadsTo(required.from, op)
    // What a rest element collects would change.
    const isOpen = name.elements.some(({ dotDotDotToken }) => dotDotDotToken !== undefined)
    return isWhole && !isOpen ? name : undefined
  }
  if (!t.isImportDeclaration(node) || !t.isStringLiteral(node.moduleSpecifier)) return undefined
  const clause = node.importClause
  if (clause === undefined || !leadsTo(node.moduleSpecifier.text, op)) return undefined
  const { namedBindings: braces } = clause
  const isOfKind = clause.isTypeOnly === (op.typeOnly ?? false)
  return isOfKind && braces !== undefined && t.isNamedImports(braces) ? braces : undefined
}

function bracesFor(source: Source, op: EnsureImport, block: readonly ts.Statement[]) {
  return block
    .map((node) => bracesOf(node, op))
    .find(
      (braces) =>
        braces !== undefined &&
        braces.elements.length > 0 &&
        // Within commented braces a new name would come between a name and its comment.
        !hasComment(braces.getText(source.file)),
    )
}

/**
 * A named import put into the braces of an import from the same module. What separates it from
 * its neighbours follows from the user's own text, so that the order of insertions leaves no trace.
 */
export function addToBraces(
  source: Source,
  op: EnsureImport,
  block: readonly ts.Statement[],
): Splice | undefined {
  const braces = op.named ? bracesFor(source, op, block) : undefined
  const last = braces?.elements.at(-1)
  if (braces === undefined || last === undefined) return undefined
  const { text, file } = source
  const elements: readonly (ts.ImportSpecifier | ts.BindingElement)[] = braces.elements
  const place = placeByRank(elements, ({ name }) =>
    typescript().isIdentifier(name) ? compareNatural(name.text, op.name) : undefined,
  )
  const start = last.getStart(file)
  const isMultiline = braces.getText(file).includes('\n')
  const separator = isMultiline ? `,${eolAt(text, start)}${indentAt(text, start)}` : ', '
  if (place !== undefined && 'before' in place) {
    return { at: place.before.getStart(file), text: op.name + separator }
  }
  const next = elements[elements.indexOf(place?.behind ?? last) + 1]
  return next === undefined
    ? { at: last.end, text: separator + op.name }
    : { at: next.getStart(file), text: op.name + separator }
}

/** The inverse of `addToBraces`. */
export function cutFromBraces(source: Source, binding: Binding): Cut | Refused {
  const { text, file } = source
  const { specifier, local } = binding
  const list: readonly ts.Node[] = specifier?.parent.elements ?? []
  const i = specifier === undefined ? -1 : list.indexOf(specifier)
  const [previous, next] = [list[i - 1], list[i + 1]]
  const start = specifier?.getStart(file) ?? 0
  const removal =
    next !== undefined
      ? { start, end: next.getStart(file) }
      : { start: previous?.end ?? start, end: specifier?.end ?? start }
  const rest = list.some((node) => 'dotDotDotToken' in node && node.dotDotDotToken !== undefined)
  if (rest || (previous === undefined && next === undefined)) {
    const message = `The import of "${local}" brings other names along now.`
    return refused(source, 'DRIFT', { message, at: start, snippet: local })
  }
  if (hasComment(text.slice(removal.start, removal.end))) {
    const message = `A comment stands beside the import of "${local}".`
    return refused(source, 'USER_COMMENT', { message, at: start, snippet: local })
  }
  return removal
}
