import type { ts } from 'ts-morph'
import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureImport } from '../model/op.ts'
import { isDirective, lineAbove, lineBelow, lineBelowHeader } from './anchors.ts'
import { allImports, bindings, importsOf, requiresOf, topLevelNames } from './bindings.ts'
import { codeEnd, isSound } from './guard.ts'
import { addToBraces, cutFromBraces } from './import-braces.ts'
import { eolAt, isBlank, lineEnd, nextLine } from './lines.ts'
import { placeByRank } from './rank.ts'
import { firstUse } from './references.ts'
import { type Refused, refused, type Target } from './refuse.ts'
import { modulesOf, requireKeyword, usesRequire } from './requires.ts'
import { parseSound, type Source, typescript } from './source-file.ts'
import { compareSpecifiers, leadsTo } from './specifier.ts'
import { type Cut, lineCut, lineSplice, spliced } from './splice.ts'
import { intruder, revokeSoundly } from './statement-lines.ts'
import { quote, semicolon } from './style.ts'

interface Form {
  /** The statements among which ours goes. */
  readonly block: readonly ts.Statement[]
  /** Those that may have braces for its name. */
  readonly open: readonly ts.Statement[]
  readonly text: string
}

interface Style {
  readonly mark: string
  readonly close: string
  /** The word that declares a required module; without it ours is an import. */
  readonly keyword?: string | undefined
}

function importText(op: EnsureImport, { mark, close, keyword }: Style): string {
  const clause = op.named ? `{ ${op.name} }` : op.name
  const from = `${mark}${op.from}${mark}`
  return keyword === undefined
    ? `import ${op.typeOnly ? 'type ' : ''}${clause} from ${from}${close}`
    : `${keyword} ${clause} = require(${from})${close}`
}

function snippetOf(op: EnsureImport): string {
  return importText(op, { mark: "'", close: '', keyword: op.require ? 'const' : undefined })
}

function formOf(source: Source, op: EnsureImport): Form {
  const isRequire = op.typeOnly !== true && usesRequire(source, op.require ?? false)
  const required = isRequire ? requiresOf(source) : []
  const block = required.length > 0 ? required : importsOf(source)
  const open = required.length > 0 ? required : allImports(source)
  const keyword = isRequire ? requireKeyword(source) : undefined
  const text = importText(op, { mark: quote(source), close: semicolon(source, block), keyword })
  return { block, open, text }
}

function bound(source: Source, op: EnsureImport) {
  const imported = op.named ? op.name : 'default'
  const found = bindings(source).filter(
    (binding) => binding.imported === imported && leadsTo(binding.from, op),
  )
  const served = found.filter((binding) => op.typeOnly || !binding.typeOnly)
  return served.find((binding) => binding.local === op.name) ?? served[0]
}

// The order in which Biome puts several imports from one module.
function precedence(typeOnly: boolean, named: boolean): number {
  return typeOnly ? 0 : named ? 2 : 1
}

function compareWith(op: EnsureImport): (node: ts.Statement) => number | undefined {
  const { isImportDeclaration, isStringLiteral } = typescript()
  return (node) => {
    const [required] = modulesOf(node)
    if (required !== undefined) return compareSpecifiers(required, op.from)
    if (!isImportDeclaration(node) || !isStringLiteral(node.moduleSpecifier)) return undefined
    const clause = node.importClause
    if (clause === undefined) return undefined
    const theirs = precedence(clause.isTypeOnly, clause.name === undefined)
    const ours = precedence(op.typeOnly ?? false, op.named ?? false)
    return compareSpecifiers(node.moduleSpecifier.text, op.from) || theirs - ours
  }
}

function lineForImport(source: Source, op: EnsureImport, { block, text: line }: Form) {
  const { text, file } = source
  const last = block.at(-1)
  if (last !== undefined) {
    const place = placeByRank(block, compareWith(op)) ?? { behind: last }
    const at =
      'behind' in place
        ? lineBelow(source, place.behind, file.statements)
        : lineAbove(source, place.before, file.statements)
    return at === undefined ? undefined : lineSplice(text, at, line)
  }
  const code = file.statements.find((statement) => !isDirective(statement))
  if (code === undefined) return lineSplice(text, text.length, line)
  const at = lineBelowHeader(source, code)
  if (at === undefined) return undefined
  const eol = eolAt(text, at)
  return { at, text: line + eol + eol }
}

/** Imports a name, unless the file already does so in whatever spelling. */
export function applyImport(target: Target, op: EnsureImport): ApplyResult {
  const snippet = snippetOf(op)
  const source = parseSound(target, snippet)
  if ('state' in source) return source
  const present = bound(source, op)
  if (present !== undefined) {
    return { state: 'present', ...(present.local === op.name ? {} : { local: present.local }) }
  }
  const taken = topLevelNames(source).get(op.name)
  if (taken !== undefined) {
    const message = `The name "${op.name}" already stands for something else.`
    return refused(target, 'NAME_TAKEN', { message, at: taken.getStart(source.file), snippet })
  }
  const form = formOf(source, op)
  const splice = addToBraces(source, op, form.open) ?? lineForImport(source, op, form)
  if (splice === undefined || !isSound(source, splice)) {
    const message = `No line of its own was found for the import of "${op.name}".`
    return refused(target, 'NO_ANCHOR', { message, snippet })
  }
  const chunk = op.named ? op.name : form.text
  return { state: 'applied', text: spliced(target.text, splice), chunk }
}

/**
 * Takes an import out. It is found by module and imported name, so a formatter, another spelling
 * of the module or a move does not matter.
 *
 * @param evenIfUsed skips the check that nothing else in the file uses the name
 */
export function revokeImport(target: Target, op: EnsureImport, evenIfUsed = false): RevokeResult {
  const snippet = snippetOf(op)
  const source = parseSound(target, snippet)
  if ('state' in source) return source
  const binding = bound(source, op)
  if (binding === undefined) return { state: 'absent' }
  const { declaration, local } = binding
  const at = declaration.getStart(source.file)
  const use = evenIfUsed ? undefined : firstUse(source, local, declaration)
  if (use !== undefined) {
    const message = `"${local}" is still used here, so its import was left.`
    return refused(target, 'STILL_USED', { message, at: use, snippet })
  }
  const shared = binding.siblings > 0
  if (shared && !op.named) {
    const message = `The import of "${local}" brings other names along now.`
    return refused(target, 'DRIFT', { message, at, snippet })
  }
  const removal = shared ? cutFromBraces(source, binding) : importCut(source, declaration, snippet)
  return 'state' in removal ? removal : revokeSoundly(source, removal, at, snippet)
}

function importCut(source: Source, node: ts.Statement, snippet: string): Cut | Refused {
  const { text, file } = source
  const start = node.getStart(file)
  const obstacle = intruder(source, node, snippet)
  if (obstacle !== undefined) return obstacle
  const line = lineCut(text, start, codeEnd(source, node))
  const required = typescript().isVariableStatement(node) ? requiresOf(source) : []
  const isLast = [...required, ...allImports(source)].every((other) => other === node)
  const hasGap =
    isLast && line.end < text.length && isBlank(text, line.end, lineEnd(text, line.end))
  const below = hasGap ? nextLine(text, line.end) : line.end
  return { start: line.start, end: below < text.length || !hasGap ? below : line.end }
}
