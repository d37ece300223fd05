import type { ts } from 'ts-morph'
import { eolAt, indentAt, lineStart } from './lines.ts'
import type { Literal } from './literals.ts'
import { type Source, typescript } from './source-file.ts'

/** The elements of a list or the properties of an object, between their brackets. */
export interface Elements {
  readonly literal: Literal
  readonly list: readonly ts.Node[]
  /** The offset behind the opening bracket. */
  readonly open: number
  /** The offset of the closing bracket. */
  readonly close: number
}

/** The elements of a literal. */
export function elementsOf({ file }: Source, literal: Literal): Elements {
  const list = 'elements' in literal ? literal.elements : literal.properties
  return { literal, list, open: literal.getStart(file) + 1, close: literal.end - 1 }
}

// Each part ends where it must, so that no comma within or behind a comment is taken for ours.
const COMMA = /^(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/.*\n)*,/

/** The offset behind the comma that follows an element, or undefined if none does. */
export function behindComma(text: string, { end }: ts.Node): number | undefined {
  const gap = COMMA.exec(text.slice(end))
  return gap === null ? undefined : end + gap[0].length
}

/** The end of the comments that go on from an offset and begin on its line. */
export function behindComments(text: string, at: number): number {
  const comments = /^(?:[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/[^\r\n]*))*/.exec(text.slice(at))
  return at + (comments?.[0].length ?? 0)
}

/** The place of a comma behind an element: as formatters do it, before a comment that ends the line. */
export function commaPlace(text: string, { end }: ts.Node): number {
  const comments = /^(?:[ \t]*\/\*[\s\S]*?\*\/)*/.exec(text.slice(end))
  return end + (comments?.[0].length ?? 0)
}

/** Whether nothing but comments stands to the left. */
export function isLineHead(text: string, at: number): boolean {
  const left = text.slice(lineStart(text, at), at)
  return left.replace(/\/\*.*?\*\//g, '').trim() === ''
}

/** What the line of an element begins with in a list that has its commas there; else undefined. */
export function leadingComma(text: string, at: number): string | undefined {
  const left = text.slice(lineStart(text, at), at)
  return /^([ \t]*,[ \t]*)(?:\/\*.*?\*\/[ \t]*)*$/.exec(left)?.[1]
}

/** What the lines of a list begin with that has its commas there; else undefined. */
export function commaHead({ text, file }: Source, { list }: Elements): string | undefined {
  return list
    .slice(1)
    .map((node) => leadingComma(text, node.getStart(file)))
    .find((head) => head !== undefined)
}

/** The blank text between the elements of one line, as between the first two. */
export function gapOf({ text, file }: Source, { list }: Elements): string {
  const [first, second] = list.filter((node) => !typescript().isOmittedExpression(node))
  if (first === undefined || second === undefined) return ' '
  const gap = text.slice(behindComma(text, first) ?? first.end, second.getStart(file))
  return /^[ \t]*$/.test(gap) ? gap : ' '
}

/**
 * The start of the line on which something or the comments directly above it begin.
 *
 * @param pos the end of what stands before it
 */
export function lineWithComments({ text }: Source, pos: number, start: number): number {
  let from = start
  const ranges = typescript().getLeadingCommentRanges(text, pos) ?? []
  for (const range of ranges.toReversed()) {
    if (/\n[ \t\r]*\n/.test(text.slice(range.end, from))) break
    from = range.pos
  }
  return lineStart(text, from)
}

/** Whether the other literals of a file that stand on several lines end in a comma; else yes. */
export function endsInComma({ file, text }: Source, literal: Literal): boolean {
  const { isArrayLiteralExpression, isObjectLiteralExpression, forEachChild } = typescript()
  let balance = 0
  const visit = (node: ts.Node): void => {
    if (node !== literal && (isArrayLiteralExpression(node) || isObjectLiteralExpression(node))) {
      const list = 'elements' in node ? node.elements : node.properties
      const last = list.at(-1)
      const isOpen = last !== undefined && text.slice(last.end, node.end).includes('\n')
      if (isOpen) balance += list.hasTrailingComma === true ? 1 : -1
    }
    forEachChild(node, visit)
  }
  visit(file)
  return balance >= 0
}

/** A text of several lines as it reads at an indent. */
export function indented(text: string, at: number, item: string, indent: string): string {
  return item.replaceAll('\n', eolAt(text, at) + indent)
}

/** The indent of what goes on in the line of other elements. */
export function inlineIndent({ text, file }: Source, { list, open }: Elements): string {
  const first = list[0]?.getStart(file) ?? open
  return indentAt(text, isLineHead(text, first) ? first : open)
}
