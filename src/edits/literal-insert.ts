import type { ts } from 'ts-morph'
import { isSound } from './guard.ts'
import { eolAt, indentAt, indentUnit, isBlank, lineStart, nextLine } from './lines.ts'
import {
  behindComma,
  behindComments,
  commaHead,
  commaPlace,
  type Elements,
  elementsOf,
  endsInComma,
  gapOf,
  indented,
  inlineIndent,
  isLineHead,
  leadingComma,
  lineWithComments,
} from './literal-layout.ts'
import type { Literal } from './literals.ts'
import type { Place } from './rank.ts'
import { parse, type Source, typescript } from './source-file.ts'
import { type Splice, spliced } from './splice.ts'

/** A splice, and the place of a comma that has to come before it. */
interface Insertion extends Splice {
  readonly comma?: number
}

/**
 * The text with a new element in a list or an object, written as its neighbours are.
 *
 * @returns undefined if it would change what stands around it
 */
export function insertElement(
  source: Source,
  literal: Literal,
  place: Place<ts.Node>,
  item: string,
): { text: string; chunk: string } | undefined {
  const elements = elementsOf(source, literal)
  const last = elements.list.at(-1)
  const { chunk, comma, ...splice } =
    last === undefined
      ? intoEmpty(source, elements, item)
      : place !== undefined && 'before' in place
        ? before(source, elements, place.before, item)
        : behind(source, elements, place?.behind ?? last, item)
  const steps =
    comma === undefined
      ? [splice]
      : [
          { at: comma, text: ',' },
          { ...splice, at: splice.at + 1 },
        ]
  let { text } = source
  for (const step of steps) {
    if (!isSound(parse({ path: source.path, text }), step)) return undefined
    text = spliced(text, step)
  }
  return { text, chunk }
}

type Made = Insertion & { readonly chunk: string }

/** An element on a line of its own. */
function line(text: string, at: number, item: string, indent: string, close: string): Made {
  const chunk = indented(text, at, item, indent)
  return { at, text: indent + chunk + close + eolAt(text, at), chunk }
}

function intoEmpty(source: Source, { literal, open, close }: Elements, item: string): Made {
  const { text } = source
  const inner = text.slice(open, close)
  const closeLine = lineStart(text, close)
  if (inner.includes('\n') && isBlank(text, closeLine, close)) {
    const indent = indentAt(text, close) + indentUnit(text)
    const at = lineWithComments(source, open, close)
    return line(text, at, item, indent, endsInComma(source, literal) ? ',' : '')
  }
  const chunk = indented(text, close, item, indentAt(text, close))
  const isSpaced = /\s$/.test(inner)
  if (inner.trim() !== '') return { at: close, text: isSpaced ? `${chunk} ` : ` ${chunk}`, chunk }
  // An object of one line has blanks within its braces: by their number its inverse knows them.
  if (typescript().isObjectLiteralExpression(literal))
    return { at: close, text: ` ${chunk} `, chunk }
  return { at: close, text: isSpaced ? `${chunk} ` : chunk, chunk }
}

function before(source: Source, elements: Elements, next: ts.Node, item: string): Made {
  const { text, file } = source
  const { list, open } = elements
  const start = next.getStart(file)
  const indent = indentAt(text, start)
  const previous = list[list.indexOf(next) - 1]
  const commaFirst = commaHead(source, elements)
  if (commaFirst === undefined && isLineHead(text, start)) {
    return line(text, lineWithComments(source, next.pos, start), item, indent, ',')
  }
  if (previous !== undefined) return behind(source, elements, previous, item)
  if (commaFirst !== undefined) {
    const chunk = indented(text, start, item, commaFirst.replace(',', ' '))
    return { at: start, text: chunk + eolAt(text, start) + commaFirst, chunk }
  }
  const chunk = indented(text, start, item, inlineIndent(source, elements))
  const at = open + (/^[ \t]*/.exec(text.slice(open))?.[0].length ?? 0)
  return { at, text: `${chunk},${gapOf(source, elements)}`, chunk }
}

function behind(source: Source, elements: Elements, previous: ts.Node, item: string): Made {
  const { text, file } = source
  const { list } = elements
  const next = list[list.indexOf(previous) + 1]
  const comma = behindComma(text, previous)
  const neighbour = next ?? previous
  const commaFirst =
    next === undefined ? commaHead(source, elements) : leadingComma(text, next.getStart(file))
  const indent = indentAt(text, neighbour.getStart(file))
  if (commaFirst !== undefined && (next !== undefined || comma === undefined)) {
    const at = behindComments(text, previous.end)
    const chunk = indented(text, at, item, commaFirst.replace(',', ' '))
    return { at, text: eolAt(text, at) + commaFirst + chunk, chunk }
  }
  if (next === undefined) return atEnd(source, elements, previous, item)
  if (isLineHead(text, next.getStart(file))) {
    return line(
      text,
      nextLine(text, behindComments(text, comma ?? previous.end)),
      item,
      indent,
      ',',
    )
  }
  const chunk = indented(text, next.end, item, inlineIndent(source, elements))
  return { at: comma ?? previous.end, text: `${gapOf(source, elements)}${chunk},`, chunk }
}

function atEnd(source: Source, elements: Elements, last: ts.Node, item: string): Made {
  const { text, file } = source
  const start = last.getStart(file)
  const indent = indentAt(text, start)
  const comma = behindComma(text, last)
  const code = comma ?? last.end
  const tail = behindComments(text, code)
  const isOpen = text.slice(tail, elements.close).includes('\n')
  const isHead = isLineHead(text, start)
  if (isOpen && (isHead || tail > code)) {
    const made = line(text, nextLine(text, tail), item, indent, comma === undefined ? '' : ',')
    return comma === undefined ? { ...made, comma: commaPlace(text, last) } : made
  }
  const chunk = indented(text, tail, item, isHead ? indent : inlineIndent(source, elements))
  const gap = isHead ? eolAt(text, tail) + indent : gapOf(source, elements)
  return comma === undefined
    ? { at: tail, text: `,${gap}${chunk}`, chunk }
    : { at: comma, text: `${gap}${chunk},`, chunk }
}
