import type { ts } from 'ts-morph'
import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureExport } from '../model/op.ts'
import { lineAbove, lineBelow } from './anchors.ts'
import { importsOf } from './bindings.ts'
import { codeEnd, isSound } from './guard.ts'
import { placeByRank } from './rank.ts'
import { refused, type Target } from './refuse.ts'
import { parseSound, type Source, typescript } from './source-file.ts'
import { compareSpecifiers, leadsTo } from './specifier.ts'
import { lineCut, lineSplice, type Splice, spliced } from './splice.ts'
import { intruder, revokeSoundly } from './statement-lines.ts'
import { quote, semicolon } from './style.ts'

interface Reexport {
  readonly node: ts.ExportDeclaration
  readonly from: string
  /** Whether it is `export * from`, for values and types. */
  readonly isStar: boolean
}

function exportText(op: EnsureExport, mark = "'", close = ''): string {
  return `export * from ${mark}${op.from}${mark}${close}`
}

function reexports({ file }: Source): Reexport[] {
  const { isExportDeclaration, isStringLiteral } = typescript()
  return file.statements.flatMap((node) => {
    if (!isExportDeclaration(node) || node.moduleSpecifier === undefined) return []
    if (!isStringLiteral(node.moduleSpecifier)) return []
    const isStar = node.exportClause === undefined && !node.isTypeOnly
    return [{ node, from: node.moduleSpecifier.text, isStar }]
  })
}

function firstRun({ file }: Source, list: readonly Reexport[]): readonly Reexport[] {
  const start = list[0] === undefined ? 0 : file.statements.indexOf(list[0].node)
  return list.filter(({ node }, i) => file.statements[start + i] === node)
}

function locate(source: Source, op: EnsureExport, line: string): Splice | undefined {
  const { text, file } = source
  const run = firstRun(source, reexports(source))
  const last = run.at(-1)?.node ?? importsOf(source).at(-1) ?? file.statements.at(-1)
  if (last === undefined) return lineSplice(text, text.length, line)
  const place = placeByRank(run, ({ from }) => compareSpecifiers(from, op.from))
  const at =
    place !== undefined && 'before' in place
      ? lineAbove(source, place.before.node, file.statements)
      : lineBelow(source, place?.behind.node ?? last, file.statements)
  return at === undefined ? undefined : lineSplice(text, at, line)
}

/** Exports everything of a module from a barrel. */
export function applyExport(target: Target, op: EnsureExport): ApplyResult {
  const snippet = exportText(op)
  const source = parseSound(target, snippet)
  if ('state' in source) return source
  const list = reexports(source)
  if (list.some(({ from, isStar }) => isStar && leadsTo(from, op))) {
    return { state: 'present' }
  }
  const style = list.length > 0 ? list.map(({ node }) => node) : importsOf(source)
  const chunk = exportText(op, quote(source), semicolon(source, style))
  const splice = locate(source, op, chunk)
  if (splice === undefined || !isSound(source, splice)) {
    const message = `No line of its own was found for the export of ${op.from}.`
    return refused(target, 'NO_ANCHOR', { message, snippet })
  }
  return { state: 'applied', text: spliced(target.text, splice), chunk }
}

/** Takes a re-export out; it is found by its module, however that is spelled. */
export function revokeExport(target: Target, op: EnsureExport): RevokeResult {
  const snippet = exportText(op)
  const source = parseSound(target, snippet)
  if ('state' in source) return source
  const found = reexports(source).find(({ from, isStar }) => isStar && leadsTo(from, op))
  if (found === undefined) return { state: 'absent' }
  const at = found.node.getStart(source.file)
  const obstacle = intruder(source, found.node, snippet)
  if (obstacle !== undefined) return obstacle
  return revokeSoundly(source, lineCut(source.text, at, codeEnd(source, found.node)), at, snippet)
}
