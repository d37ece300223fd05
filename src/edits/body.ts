import type { ts } from 'ts-morph'
import { lineAbove, lineBelow } from './anchors.ts'
import type { StatementCall } from './calls.ts'
import { closingAt } from './closing.ts'
import { codeEnd } from './guard.ts'
import type { Body } from './instance-bodies.ts'
import { eolAt, indentAt, indentUnit, lineStart, nextLine } from './lines.ts'
import { type Source, typescript } from './source-file.ts'
import { type Cut, lineCut, lineSplice, type Splice } from './splice.ts'
import type { Spot } from './spots.ts'
import { type Anchor, peersIn } from './statement-order.ts'
import { semicolon } from './style.ts'

export interface Located {
  readonly splice: Splice
  readonly chunk: string
}

/**
 * How a statement reads beside a neighbour, and at which offset.
 *
 * @returns undefined if there is no line of its own for it
 */
export function locateStatement(
  source: Source,
  spot: Spot,
  anchor: Anchor,
  statement: string,
  call: StatementCall,
): Located | undefined {
  const { isBlock } = typescript()
  const siblings = siblingsOf(spot.body, anchor)
  // A semicolon that only the next line demands says nothing about the style.
  const free: ts.Statement[] = []
  let isPressed = false
  for (const sibling of siblings.toReversed()) {
    if (!isPressed) free.push(sibling)
    if (peersIn(source, spot, sibling, call).length === 0) {
      isPressed = opensHazard(source, sibling)
    }
  }
  const follower = followers(siblings, anchor).find(
    (node) => peersIn(source, spot, node, call).length === 0,
  )
  const isHazard = follower !== undefined && opensHazard(source, follower)
  const close = semicolon(source, free.toReversed(), siblings) || (isHazard ? ';' : '')
  const code = statement + close
  if (anchor !== undefined) {
    const located = besideSibling(source, siblings, anchor, code)
    // On the line of its neighbour the instance may be used already.
    const isLate = followers(siblings, anchor)
      .filter((node) => located !== undefined && node.end <= located.splice.at)
      .some(closingAt(source, spot))
    return isLate ? undefined : located
  }
  return isBlock(spot.body) ? intoEmpty(source, spot.body, code) : undefined
}

function siblingsOf(body: Body, anchor: Anchor): readonly ts.Statement[] {
  if (anchor === undefined) return body.statements
  const { parent } = 'behind' in anchor ? anchor.behind : anchor.before
  return (parent as Body).statements
}

function followers(siblings: readonly ts.Statement[], anchor: Anchor): readonly ts.Statement[] {
  if (anchor === undefined) return []
  return 'behind' in anchor
    ? siblings.slice(siblings.indexOf(anchor.behind) + 1)
    : siblings.slice(siblings.indexOf(anchor.before))
}

/** Whether a line would go on with the statement above it, were that not closed. */
function opensHazard({ text, file }: Source, node: ts.Node): boolean {
  const line = text.slice(lineStart(text, node.getStart(file)))
  return /^\s*[([`+\-/]/.test(line) && !/^\s*\/[/*]/.test(line)
}

function besideSibling(
  source: Source,
  siblings: readonly ts.Statement[],
  anchor: NonNullable<Anchor>,
  code: string,
): Located | undefined {
  const { text, file } = source
  const sibling = 'behind' in anchor ? anchor.behind : anchor.before
  const at =
    'behind' in anchor
      ? lineBelow(source, sibling, siblings)
      : lineAbove(source, sibling, anchor.isPair ? undefined : siblings)
  if (at === undefined) return undefined
  const indent = indentAt(text, sibling.getStart(file))
  const chunk = atIndent(text, at, indent, code)
  return { splice: lineSplice(text, at, indent + chunk), chunk }
}

/** Indents code. In its further lines, two spaces stand for one level of the file's indentation. */
function atIndent(text: string, at: number, indent: string, code: string): string {
  const [first, ...rest] = code.split('\n')
  const lines = rest.map((line) => indent + line.replace(/^ {2}/, indentUnit(text)))
  return [first, ...lines].join(eolAt(text, at))
}

/**
 * Into a body without statements. Its own comments stay above; a body that stands on the line of
 * its brace is opened, and `bodyCut` closes it again.
 */
function intoEmpty({ text, file }: Source, block: ts.Block, code: string): Located {
  const open = block.getStart(file)
  const close = block.end - 1
  const outer = indentAt(text, open)
  const indent = outer + indentUnit(text)
  const closeLine = lineStart(text, close)
  const below = nextLine(text, open)
  if (closeLine > below && text.slice(below, closeLine).trim() !== '') {
    const chunk = atIndent(text, closeLine, indent, code)
    return { splice: lineSplice(text, closeLine, indent + chunk), chunk }
  }
  const eol = eolAt(text, close)
  const chunk = atIndent(text, close, indent, code)
  const inserted = `${eol}${indent}${chunk}${eol}${closeLine > open ? '' : outer}`
  return { splice: { at: close, text: inserted }, chunk }
}

/** The inverse of `locateStatement`, also where a nested block was given the statement since. */
export function bodyCut(source: Source, block: Body, node: ts.Node): Cut {
  const { text, file } = source
  const start = node.getStart(file)
  const line = lineCut(text, start, codeEnd(source, node))
  if (block.statements.length > 1 || node.parent !== block) return line
  const open = block.getStart(file)
  const head = text.slice(open + 1, line.start)
  const close = block.end - 1
  const isOpened = !head.trimEnd().includes('\n') && text.slice(line.end, close).trim() === ''
  const commented = /\/\//.test(head) && !/\n\s*\n/.test(head)
  if (!isOpened || commented || head === '') return line
  return { start: line.start - eolAt(text, line.start).length, end: close }
}
