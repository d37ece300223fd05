import type { FieldKind } from './pii-fields.ts'

type Mask = (text: string) => string

/**
 * Replaces matches by their masks, and leaves those without one. `String.replace` with a function
 * takes four times as long.
 */
export function replaceMatches(
  text: string,
  pattern: RegExp,
  maskOf: (match: RegExpExecArray) => string | undefined,
): string {
  let masked = ''
  let done = 0
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const next = Math.max(pattern.lastIndex, match.index + 1)
    const mask = match[0] === '' ? undefined : maskOf(match)
    pattern.lastIndex = next
    if (mask === undefined) continue
    masked += text.slice(done, match.index) + mask
    done = next
  }
  return masked + text.slice(done)
}

/** Masks the string literals of JSON that hold escapes; they may hold JSON themselves. */
export function maskEscaped(text: string, mask: Mask): string {
  return text.replace(/"[^"\\]*(?:\\[\s\S]?[^"\\]*)*(?:"|$)/g, (literal) => {
    if (!literal.includes('\\')) return literal
    try {
      const inner = JSON.parse(literal)
      const masked = mask(inner)
      return masked === inner ? literal : JSON.stringify(masked)
    } catch {
      return literal
    }
  })
}

/** Masks what is percent-encoded in URLs and forms. There, `+` is either itself or a space. */
export function maskEncoded(text: string, mask: Mask): string {
  return text.replace(/[\w.~!*'()+%-]+/g, (part) => {
    if (!/%[0-9a-f]{2}/i.test(part)) return part
    for (const space of ['%20', '+']) {
      const inner = part.replaceAll(space, ' ').replace(/(?:%[0-9a-f]{2})+/gi, decode)
      const masked = mask(inner)
      if (masked !== inner) return encodeURIComponent(masked).replaceAll('%20', space)
    }
    return part
  })
}

function decode(sequence: string): string {
  try {
    return decodeURIComponent(sequence)
  } catch {
    return sequence
  }
}

/** What separates a name from its value; behind the name, perhaps in quotes. Not that of a URL. */
const separator =
  /(?<=(?<![\p{L}\p{N}_-]|\/\/)((?:(?:api|access|private|security|session|card|credit|secret) )?[\p{L}_][\p{L}\p{N}_.-]*)(\\*["'])?\s*)[:=](?!\/\/)>?\s*/giu

/** What may stand before a value, and the value itself. */
const quoted = /(\\*["'`])([\s\S]*?)(?:(?<!\\)\1|$)/y
const word = /()((?:[^\s&"'<>,;)\]}]|[,;)\]}](?=\w)(?![\w.-]+["']?[:=]))+)/y
const credential = /((?:basic|bearer)\s+)([^\s"&]+)/iy
const line = /()([^\r\n"&]+)/y

/** A piece of a text. */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly form: 'quoted' | 'bare' | 'nested'
}

/**
 * Masks the values of fields in `name=value`, `name: value` and JSON.
 * @param kindOf the kind of a name, or `undefined` to leave its value alone
 */
export function maskFields(
  text: string,
  kindOf: (name: string) => FieldKind | undefined,
  mask: (kind: FieldKind, value: string, isNested: boolean) => string | undefined,
): string {
  const separators = new RegExp(separator)
  let masked = ''
  let done = 0
  for (let found = separators.exec(text); found; found = separators.exec(text)) {
    const [, name = '', quote = ''] = found
    const kind = kindOf(name)
    const piece = kind && valueAt(text, separators.lastIndex, kind.isHeader && quote === '')
    if (!piece) continue
    const value = text.slice(piece.start, piece.end)
    const isPlain = piece.form === 'bare' && /^(?:true|false|null|undefined)$/.test(value)
    const hidden = isPlain ? undefined : mask(kind, value, piece.form === 'nested')
    if (hidden === undefined) continue
    // JSON has no bare asterisks.
    const around = piece.form === 'quoted' ? '' : quote
    masked += `${text.slice(done, piece.start)}${around}${hidden}${around}`
    done = piece.end
    separators.lastIndex = done
  }
  return masked + text.slice(done)
}

function valueAt(text: string, start: number, isHeader = false): Piece | undefined {
  if (/[{[]/.test(text[start] ?? ''))
    return { start, end: endOfNested(text, start), form: 'nested' }
  for (const pattern of isHeader ? [quoted, credential, line] : [quoted, word]) {
    pattern.lastIndex = start
    const match = pattern.exec(text)
    if (!match) continue
    const [, before = '', value = ''] = match
    const from = start + before.length
    return { start: from, end: from + value.length, form: pattern === quoted ? 'quoted' : 'bare' }
  }
  return undefined
}

/** Behind the bracket that closes the one at `start`; or the end of a text that was cut off. */
function endOfNested(text: string, start: number): number {
  const marks = /"[^"\\]*(?:\\[\s\S]?[^"\\]*)*(?:"|$)|[{[]|[}\]]/g
  marks.lastIndex = start
  let depth = 0
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (/^[{[]/.test(mark[0])) depth += 1
    else if (/^[}\]]/.test(mark[0])) depth -= 1
    if (depth === 0) return marks.lastIndex
  }
  return text.length
}
