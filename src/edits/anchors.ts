import type { ts } from 'ts-morph'
import { codeEnd } from './guard.ts'
import { isBlank, lineEnd, lineStart, nextLine } from './lines.ts'
import { type Source, typescript } from './source-file.ts'

// A comment that rules the line below it must not be parted from it.
const PRAGMA = /@ts-(?:expect-error|ignore)|biome-ignore |eslint-disable-next-line|prettier-ignore/
const FILE_HEADER =
  /^\/\*!|@license|@preserve|copyright|SPDX-|@ts-(?:no)?check|eslint-disable(?!-)/i

/** The comments directly above a node, with no blank line between; lowest last. */
function commentsAbove({ text, file }: Source, node: ts.Node): readonly ts.CommentRange[] {
  const ranges = typescript().getLeadingCommentRanges(text, node.pos) ?? []
  let start = node.getStart(file)
  const attached: ts.CommentRange[] = []
  for (const range of ranges.toReversed()) {
    if (/\n[ \t\r]*\n/.test(text.slice(range.end, start))) break
    attached.unshift(range)
    start = range.pos
  }
  return attached
}

function lineOf({ text }: Source, at: number): number | undefined {
  const start = lineStart(text, at)
  // A semicolon at the head of the line closes whatever stands above it, ours as well.
  return /^\s*;?\s*$/.test(text.slice(start, at)) ? start : undefined
}

/**
 * The start of a line above a statement: its comments stay with it. Above the first statement of
 * a list they count as the header of the list and stay on top, save those that rule a line.
 *
 * @param siblings the list that the statement is in; without it there is no header
 * @returns undefined if something else stands on the statement's line
 */
export function lineAbove(
  source: Source,
  node: ts.Statement,
  siblings: readonly ts.Statement[] = [],
): number | undefined {
  const { text, file } = source
  const isFirst = siblings.find((sibling) => !isDirective(sibling)) === node
  const comments = commentsAbove(source, node)
  const isHeader = (range: ts.CommentRange) => !PRAGMA.test(text.slice(range.pos, range.end))
  const kept = isFirst ? comments.slice(comments.findLastIndex(isHeader) + 1) : comments
  return lineOf(source, kept[0]?.pos ?? node.getStart(file))
}

/** Whether a statement is one like `'use strict'`. */
export function isDirective(node: ts.Statement): boolean {
  const { isExpressionStatement, isStringLiteral } = typescript()
  return isExpressionStatement(node) && isStringLiteral(node.expression)
}

/** The start of a line above the first code of a file: below license and checker comments. */
export function lineBelowHeader(source: Source, first: ts.Statement): number | undefined {
  const { text, file } = source
  const comments = commentsAbove(source, first)
  const isHeader = (range: ts.CommentRange) => FILE_HEADER.test(text.slice(range.pos, range.end))
  const kept = comments.slice(comments.findLastIndex(isHeader) + 1)
  return lineOf(source, kept[0]?.pos ?? first.getStart(file))
}

/**
 * The start of the line below a statement, its trailing comments and whatever else stands on its
 * last line.
 *
 * @param siblings the list that the statement is in
 * @returns undefined if something other than a sibling follows on the line
 */
export function lineBelow(
  source: Source,
  node: ts.Statement,
  siblings: readonly ts.Statement[],
): number | undefined {
  const { text, file } = source
  let end = lineTail(source, codeEnd(source, node))
  while (!isBlank(text, end, lineEnd(text, end))) {
    const at = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0)
    const next = siblings.find((sibling) => sibling.getStart(file) === at)
    if (next === undefined || typescript().isReturnStatement(next)) return undefined
    end = lineTail(source, codeEnd(source, next))
  }
  return nextLine(text, end)
}

function lineTail({ text }: Source, codeEnds: number): number {
  const closed = codeEnds + (/^[ \t]*;/.exec(text.slice(codeEnds))?.[0].length ?? 0)
  return typescript().getTrailingCommentRanges(text, closed)?.at(-1)?.end ?? closed
}
