import type { ts } from 'ts-morph'
import type { EnsureStatement } from '../model/op.ts'
import { lineAbove, lineBelow } from './anchors.ts'
import { type Call, callStatement } from './calls.ts'
import { codeEnd } from './guard.ts'
import { eolAt, indentAt, indentUnit, lineStart, nextLine } from './lines.ts'
import { compareInOrder, placeByRank } from './rank.ts'
import { type Source, typescript } from './source-file.ts'
import { type Cut, lineCut, lineSplice, type Splice } from './splice.ts'
import { semicolon } from './style.ts'

export interface Located {
  readonly splice: Splice
  readonly chunk: string
}

type Anchor = { readonly behind: ts.Statement } | { readonly before: ts.Statement } | undefined

/** Where a statement goes in a block, and how it reads there. */
export function locateStatement(
  source: Source,
  block: ts.Block,
  statement: string,
  call: Call,
  op: EnsureStatement,
): Located | undefined {
  const siblings = block.statements
  const isPeer = (node: ts.Node) => callStatement(source, node)?.shape === call.shape
  const place = placeByRank(siblings, (sibling) => {
    const peer = callStatement(source, sibling)
    return peer?.shape === call.shape ? compareInOrder(op.order, peer.name, op.name) : undefined
  })
  const anchor = place ?? atEnd(siblings)
  const isPressed = (below: readonly ts.Statement[]) => {
    const next = below.find((node) => !isPeer(node))
    return next !== undefined && opensHazard(source, next)
  }
  // A semicolon that only the next line demands says nothing about the style.
  const free = siblings.filter((_, i) => !isPressed(siblings.slice(i + 1)))
  const close =
    semicolon(source, free, siblings) || (isPressed(followers(siblings, anchor)) ? ';' : '')
  const chunk = statement + close
  const splice =
    anchor === undefined
      ? intoEmpty(source, block, chunk)
      : besideSibling(source, siblings, anchor, chunk)
  return splice === undefined ? undefined : { splice, chunk }
}

function followers(siblings: readonly ts.Statement[], anchor: Anchor): readonly ts.Statement[] {
  if (anchor === undefined) return []
  return 'behind' in anchor
    ? siblings.slice(siblings.indexOf(anchor.behind) + 1)
    : siblings.slice(siblings.indexOf(anchor.before))
}

/** Behind everything, but before a closing run of `return`, `listen` and `ready`. */
function atEnd(siblings: readonly ts.Statement[]): Anchor {
  const behind = siblings.findLast((node) => !isClosing(node))
  if (behind !== undefined) return { behind }
  return siblings[0] === undefined ? undefined : { before: siblings[0] }
}

function isClosing(node: ts.Statement): boolean {
  const t = typescript()
  if (t.isReturnStatement(node)) return true
  if (!t.isExpressionStatement(node)) return false
  const { expression } = node
  const call = t.isAwaitExpression(expression) ? expression.expression : expression
  if (!t.isCallExpression(call) || !t.isPropertyAccessExpression(call.expression)) return false
  return ['listen', 'ready'].includes(call.expression.name.text)
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
    'behind' in anchor ? lineBelow(source, sibling, siblings) : lineAbove(source, sibling, siblings)
  if (at === undefined) return undefined
  return lineSplice(text, at, indentAt(text, sibling.getStart(file)) + chunk)
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
    return lineSplice(text, closeLine, indent + chunk)
  }
  const eol = eolAt(text, close)
  return { at: close, text: `${eol}${indent}${chunk}${eol}${closeLine > open ? '' : outer}` }
}

/** The inverse of `locateStatement`, also where a nested block was given the statement since. */
export function bodyCut(source: Source, block: ts.Block, node: ts.Node): Cut {
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
