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
  const chunk = statement + close
  if (anchor !== undefined) {
    const splice = besideSibling(source, siblings, anchor, chunk)
    // On the line of its neighbour the instance may be used already.
    const isLate = followers(siblings, anchor)
      .filter((node) => splice !== undefined && node.end <= splice.at)
      .some(closingAt(source, spot))
    return splice && !isLate ? { splice, chunk } : undefined
  }
  return isBlock(spot.body) ? { splice: intoEmpty(source, spot.body, chunk), chunk } : undefined
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
  chunk: string,
): Splice | undefined {
  const { text, file } = source
  const sibling = 'behind' in anchor ? anchor.behind : anchor.before
  const at =
    'behind' in anchor
      ? lineBelow(source, sibling, siblings)
      : lineAbove(source, sibling, anchor.isPair ? undefined : siblings)
  if (at === undefined) return undefined
  return lineSplice(text, at, indented(text, at, indentAt(text, sibling.getStart(file)), chunk))
}

/** A statement behind `indent`; each of its own two spaces is one step of the file's indentation. */
function indented(text: string, at: number, indent: string, chunk: string): string {
  const [first, ...rest] = chunk.split('\n')
  const lines = rest.map((line) => indent + line.replace(/^ {2}/, indentUnit(text)))
  return indent + [first, ...lines].join(eolAt(text, at))
}

/**
 * Into a body without statements. Its own comments stay above; a body that stands on the line of
 * its brace is opened, and `bodyCut` closes it again.
 */
function intoEmpty({ text, file }: Source, block: ts.Block, chunk: string): Splice {
  const open = block.getStart(file)
  const close = block.end - 1
  const outer = indentAt(text, open)
  const indent = outer + indentUnit(text)
  const closeLine = lineStart(text, close)
  const below = nextLine(text, open)
  if (closeLine > below && text.slice(below, closeLine).trim() !== '') {
    return lineSplice(text, closeLine, indented(text, closeLine, indent, chunk))
  }
  const eol = eolAt(text, close)
  const lines = indented(text, close, indent, chunk)
  return { at: close, text: `${eol}${lines}${eol}${closeLine > open ? '' : outer}` }
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
