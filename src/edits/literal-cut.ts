import type { ts } from 'ts-morph'
import type { RevokeResult } from '../model/edit-result.ts'
import { isSound } from './guard.ts'
import { isBlank, lineEnd, lineStart, nextLine } from './lines.ts'
import {
  behindComma,
  behindComments,
  type Elements,
  elementsOf,
  isLineHead,
  leadingComma,
} from './literal-layout.ts'
import type { Literal } from './literals.ts'
import { refused } from './refuse.ts'
import { parse, type Source } from './source-file.ts'
import { type Cut, cut } from './splice.ts'
import { hasComment } from './tokens.ts'

/** An element of ours and what stands around it. */
interface Found {
  readonly source: Source
  readonly elements: Elements
  readonly start: number
  readonly end: number
  readonly previous: ts.Node | undefined
  readonly next: ts.Node | undefined
  /** The offset behind its comma. */
  readonly comma: number | undefined
}

/**
 * Takes an element out of a list or an object. Where it was the last one and no comma follows it,
 * the comma of the one before it goes too: a list has a last comma or has none.
 */
export function cutElement(
  source: Source,
  literal: Literal,
  element: ts.Node,
  chunk: string,
): RevokeResult {
  const elements = elementsOf(source, literal)
  const i = elements.list.indexOf(element)
  const found: Found = {
    source,
    elements,
    start: element.getStart(source.file),
    end: element.end,
    previous: elements.list[i - 1],
    next: elements.list[i + 1],
    comma: behindComma(source.text, element),
  }
  const at = found.start
  const isAsWritten = source.text.slice(at, found.end) === chunk
  if (isCommented(found) || (!isAsWritten && hasComment(source, element))) {
    const message = 'A comment stands beside this one.'
    return refused(source, 'USER_COMMENT', { message, at, snippet: chunk })
  }
  let { text } = source
  for (const part of cutsOf(found).toReversed()) {
    const rest = cut(text, part)
    const splice = { at: part.start, text: text.slice(part.start, part.end) }
    if (!isSound(parse({ path: source.path, text: rest }), splice)) {
      const message = 'Taking this out would change the meaning of what stands around it.'
      return refused(source, 'DRIFT', { message, at, snippet: chunk })
    }
    text = rest
  }
  return { state: 'revoked', text }
}

function isCommented({ source, elements, start, end, previous, next, comma }: Found): boolean {
  const { text } = source
  const holds = (from: number, to: number) => /\/[/*]/.test(text.slice(from, to))
  const stop = comma ?? end
  if (holds(end, stop)) return true
  const before = previous === undefined ? elements.open : (behindComma(text, previous) ?? start)
  // A comment in a literal of one line that was empty before is not about ours.
  const isSole = previous === undefined && next === undefined
  const isInline = isSole && !text.slice(stop, elements.close).includes('\n')
  if (!isInline && holds(Math.max(before, lineStart(text, start)), start)) return true
  const tail = behindComments(text, stop)
  const endsLine = isBlank(text, tail, lineEnd(text, tail))
  const closes = next === undefined && comma === undefined
  return tail > stop && (endsLine || closes)
}

function cutsOf(found: Found): Cut[] {
  const { source, start, end, previous, next, comma } = found
  const { text, file } = source
  const stop = comma ?? end
  const left = lineStart(text, start)
  if (previous !== undefined && leadingComma(text, start) !== undefined) {
    const eol = text[left - 2] === '\r' ? 2 : 1
    return [{ start: left - eol, end }]
  }
  const head = next === undefined ? undefined : leadingComma(text, next.getStart(file))
  if (next !== undefined && head !== undefined) {
    return [{ start, end: lineStart(text, next.getStart(file)) + head.length }]
  }
  const isLine = isBlank(text, left, start) && isBlank(text, stop, lineEnd(text, stop))
  const line = { start: left, end: nextLine(text, stop) }
  if (isLine && (comma !== undefined || previous === undefined)) return [line]
  if (previous === undefined && next === undefined) return [soleCut(found)]
  const isForward = next !== undefined && (previous === undefined || isLineHead(text, start))
  if (isForward) return [{ start, end: stop + blank(/^\s*/, text.slice(stop)) }]
  const inline = { start: start - blank(/\s*$/, text.slice(0, start)), end: stop }
  const theirs = previous === undefined ? undefined : behindComma(text, previous)
  if (comma !== undefined || theirs === undefined) return [inline]
  const ours = isLine ? line : inline
  return [{ start: theirs - 1, end: theirs }, ours]
}

function blank(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0
}

/** The only element of a literal that is not on a line of its own; see its counterpart. */
function soleCut({ source, elements, start, end, comma }: Found): Cut {
  const { text } = source
  const { open, close, literal } = elements
  const before = text.slice(open, start)
  const stop = comma ?? end
  const after = text.slice(stop, close)
  if (before.trim() !== '') {
    const end = after.trim() === '' ? close : stop
    return after === '' ? { start: start - 1, end } : { start, end }
  }
  const isObject = 'properties' in literal
  if (isObject && before.endsWith(' ') && after === ' ') return { start: start - 1, end: close }
  return after.trim() === '' && !after.includes('\n') ? { start, end: close } : { start, end: stop }
}
