import type { FieldFault } from './field.ts'

/** A part of a field's word with its place, a half-open range. */
export interface Part {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** A field's word taken apart, not yet understood. */
export interface FieldParts {
  readonly word: string
  readonly name: Part
  /** Missing where the word ends after the name. */
  readonly type?: Part
  /** What stands in parentheses right behind the type. */
  readonly argument?: Part
  /** What follows between colons: an argument, modifiers; `[]` and `?` as their modifiers. */
  readonly rest: readonly Part[]
  /** What follows the first `=`. */
  readonly default?: Part
}

const typeShape = /^([^()[\]?]*)(?:\(([^()]*)\))?((?:\[\]|\?)*)$/d
const marks: Readonly<Record<string, string>> = { '[]': 'array', '?': 'optional' }

/** Takes `name:type:argument:modifier=default` apart, in either notation. */
export function takeApart(word: string): FieldParts | FieldFault {
  const equals = word.indexOf('=')
  const head = equals < 0 ? word : word.slice(0, equals)
  const [name = part('', 0), type, ...rest] = split(part(head, 0), ':')
  const value = equals < 0 ? {} : { default: part(word.slice(equals + 1), equals + 1) }
  if (type === undefined) return { word, name, rest, ...value }
  const shape = typeShape.exec(type.text)
  if (shape === null) return { word, ...misplaced(type) }
  const [, bare = '', inside, suffix = ''] = shape
  const insideAt = type.start + (shape.indices?.[2]?.[0] ?? 0)
  const suffixAt = type.end - suffix.length
  const suffixes = [...suffix.matchAll(/\[\]|\?/g)].map(({ 0: mark, index }) => ({
    text: marks[mark] ?? mark,
    start: suffixAt + index,
    end: suffixAt + index + mark.length,
  }))
  return {
    word,
    name,
    type: part(bare, type.start),
    ...(inside !== undefined && { argument: part(inside, insideAt) }),
    rest: [...suffixes, ...rest],
    ...value,
  }
}

/** Splits a part at a separator of one character and keeps the places. */
export function split(whole: Part, separator: string): Part[] {
  let at = whole.start
  return whole.text.split(separator).map((text) => {
    const piece = part(text, at)
    at = piece.end + 1
    return piece
  })
}

function part(text: string, start: number): Part {
  return { text, start, end: start + text.length }
}

function misplaced({ text, start, end }: Part): Omit<FieldFault, 'word'> {
  const at = text.search(/[()[\]?]/)
  return {
    start: start + at,
    end,
    message: "this can't be parsed",
    hint: 'Write an argument and the marks right after the type: string(120), string[], date?',
  }
}
