import type { ts } from 'ts-morph'
import type { EnsureImport } from '../model/op.ts'
import { type Binding, importsOf } from './bindings.ts'
import { compareNatural } from './collation.ts'
import { eolAt, indentAt } from './lines.ts'
import { placeByRank } from './rank.ts'
import { type Refused, refused } from './refuse.ts'
import { type Source, typescript } from './source-file.ts'
import { sameModule } from './specifier.ts'
import type { Cut, Splice } from './splice.ts'

function hasComment(text: string): boolean {
  return text.includes('//') || text.includes('/*')
}

function bracesFor(source: Source, op: EnsureImport): ts.NamedImports | undefined {
  const { isImportDeclaration, isNamedImports, isStringLiteral } = typescript()
  for (const node of importsOf(source)) {
    if (!isImportDeclaration(node) || !isStringLiteral(node.moduleSpecifier)) continue
    const clause = node.importClause
    if (!sameModule(node.moduleSpecifier.text, op.from)) continue
    if (clause === undefined || clause.isTypeOnly !== (op.typeOnly ?? false)) continue
    const braces = clause.namedBindings
    if (braces === undefined || !isNamedImports(braces) || braces.elements.length === 0) continue
    // Within commented braces a new name would come between a name and its comment.
    if (!hasComment(braces.getText(source.file))) return braces
  }
  return undefined
}

/**
 * A named import put into the braces of an import from the same module. What separates it from
 * its neighbours follows from the user's own text, so that the order of insertions leaves no trace.
 */
export function addToBraces(source: Source, op: EnsureImport): Splice | undefined {
  const braces = op.named ? bracesFor(source, op) : undefined
  const last = braces?.elements.at(-1)
  if (braces === undefined || last === undefined) return undefined
  const { text, file } = source
  const place = placeByRank(braces.elements, ({ name }) => compareNatural(name.text, op.name))
  const start = last.getStart(file)
  const isMultiline = braces.getText(file).includes('\n')
  const separator = isMultiline ? `,${eolAt(text, start)}${indentAt(text, start)}` : ', '
  if (place !== undefined && 'before' in place) {
    return { at: place.before.getStart(file), text: op.name + separator }
  }
  const next = braces.elements[braces.elements.indexOf(place?.behind ?? last) + 1]
  return next === undefined
    ? { at: last.end, text: separator + op.name }
    : { at: next.getStart(file), text: op.name + separator }
}

/** The inverse of `addToBraces`. */
export function cutFromBraces(source: Source, binding: Binding): Cut | Refused {
  const { text, file } = source
  const { specifier, local } = binding
  const list: readonly ts.ImportSpecifier[] = specifier?.parent.elements ?? []
  const i = specifier === undefined ? -1 : list.indexOf(specifier)
  const [previous, next] = [list[i - 1], list[i + 1]]
  const start = specifier?.getStart(file) ?? 0
  const removal =
    next !== undefined
      ? { start, end: next.getStart(file) }
      : { start: previous?.end ?? start, end: specifier?.end ?? start }
  if (previous === undefined && next === undefined) {
    const message = `The import of "${local}" brings other names along now.`
    return refused(source, 'DRIFT', { message, at: start, snippet: local })
  }
  if (hasComment(text.slice(removal.start, removal.end))) {
    const message = `A comment stands beside the import of "${local}".`
    return refused(source, 'USER_COMMENT', { message, at: start, snippet: local })
  }
  return removal
}
