import { unescape as decode } from 'node:querystring'
import type { FieldKind } from './pii-fields.ts'

/** Where a part of a text starts and ends, and the text that replaces it. */
type Replacement = readonly [start: number, end: number, text: string]

/**
 * Replaces what `replace` returns for the matches of a pattern, and goes on behind it.
 * `String.replace` with a function takes four times as long.
 */
export function replaceMatches(
  text: string,
  pattern: RegExp,
  replace: (match: RegExpExecArray, end: number) => Replacement | undefined,
): string {
  let result = ''
  let done = 0
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = pattern.lastIndex
    const found = replace(match, end)
    if (found) {
      result += text.slice(done, found[0]) + found[2]
      done = found[1]
    }
    pattern.lastIndex = Math.max(end, done, match.index + 1)
  }
  return result + text.slice(done)
}

/** String literals of JSON, also one that was cut off. */
const literal = /"[^"\\]*(?:\\[\s\S]?[^"\\]*)*(?:"|$)/g

/** Masks the string literals of JSON that hold escapes; they may hold JSON themselves. */
export function maskEscaped(text: string, mask: (text: string) => string): string {
  return text.replace(literal, (whole) => {
    if (!whole.includes('\\')) return whole
    try {
      const inner = JSON.parse(whole)
      const masked = mask(inner)
      return masked === inner ? whole : JSON.stringify(masked)
    } catch {
      return whole
    }
  })
}

/** Masks what is percent-encoded in URLs and forms. Where `+` may be itself or a space, both count. */
export function maskEncoded(text: string, mask: (text: string) => string): string {
  return text.replace(/[\w.~!*'()+%-]+/g, (whole) => {
    if (!/%[0-9a-f]{2}/i.test(whole)) return whole
    let part = whole
    for (const plus of /%2b/i.test(whole) ? [' '] : ['+', ' ']) {
      const inner = part.replaceAll('+', plus).replace(/(?:%[0-9a-f]{2})+/gi, decode)
      const masked = mask(inner)
      if (masked === inner) continue
      part = encodeURIComponent(masked).replaceAll(plus === '+' ? '%2B' : '%20', '+')
    }
    return part
  })
}

/** What separates a name, perhaps in quotes, from its value. Not the colon of a URL. */
const separator =
  /(?<=(?:(?<![\p{L}\p{N}_-]|\/\/)-{0,2}|(?<=%5B))((?:(?:api|access|private|security|session|card|credit|secret) )?[\p{L}_][\p{L}\p{N}_.-]*)(\\*["'])?(?:\]|%5D)?\s*)(?:[:=](?!\/\/)>?|>(?=[^<>]{1,256}<\/))\s*/giu

/** What may stand before a value, and the value itself: up to where the next one may begin. */
const quoted = /(["'`])((?:\\[\s\S]|(?!\1)[^\\])*)/y
const escaped = /(\\+["'`])([\s\S]*?)(?:(?<!\\)\1|$)/y
const number = /(\+?)(\d(?:[-. +]?\d){8,18})(?!\w)/y
const phone = /()([+(]?\d(?:[-. +()]{0,2}\d){6,14})(?!\w)/y
const word =
  /()((?:[^\s&"'<>,;)\]}\\+]|[,;)\]}](?=\w)(?![\w.-]+["']?[:=])|\+(?![\w.-]+[:=][^\s=&])|\\(?!\\{0,9}["'nrt]))+)/y
const credential = /((?:basic|bearer)[\s+]+)([^\s"&\\]+)/iy
const plainWord = /^(?:true|false|null|undefined)$/
const line = /()((?:="[^"\r\n\\]*"|[^\r\n"&\\]|\\(?!\\{0,9}["nr]))+)/y

/** How many characters of base64 stand before the padding of an MD5, SHA-1, SHA-256 and SHA-512. */
const digestLengths = [22, 27, 43, 86]

/** Whether the `=` at `index` pads a digest in base64, so that what it follows is no name. */
function isPadding(text: string, index: number): boolean {
  if (text[index] !== '=' || /\w/.test(text[index + 1] ?? '')) return false
  const [run = ''] = /[A-Za-z\d+/]*$/.exec(text.slice(Math.max(0, index - 99), index)) ?? []
  return digestLengths.includes(run.length) && [/\d/, /[a-z]/, /[A-Z]/].every((it) => it.test(run))
}

/**
 * Masks the values of fields in `name=value`, `name: value` and JSON.
 * @param kindOf the kind of a name, or `null` to leave its value alone
 * @param mask gets `{}` for an object or array
 */
export function maskFields(
  text: string,
  kindOf: (name: string) => FieldKind | null,
  mask: (kind: FieldKind, value: unknown) => string | undefined,
): string {
  return replaceMatches(text, separator, ({ index, 1: name = '', 2: quote = '' }, start) => {
    const kind = kindOf(name)
    if (!kind || isPadding(text, index)) return undefined
    const isHeader = kind.isHeader && quote === ''
    const digits = kind.typed === 'phone' ? phone : number
    const bare = isHeader ? [credential, line] : kind.typed ? [digits, word] : [word]
    const [before, value] = valueAt(text, start, [quoted, escaped, ...bare])
    if (value === '' || (before === '' && plainWord.test(value))) return undefined
    const masked = mask(kind, before === '' && /^[{[]/.test(value) ? {} : value)
    if (masked === undefined) return undefined
    // JSON has no bare asterisks.
    const around = /["'`]$/.test(before) ? '' : quote
    const from = start + before.length
    return [from, from + value.length, `${around}${masked}${around}`]
  })
}

/** What stands before the value at `start`, and the value. */
function valueAt(text: string, start: number, patterns: RegExp[]): readonly [string, string] {
  if (/[{[]/.test(text[start] ?? '')) return ['', text.slice(start, endOfNested(text, start))]
  for (const pattern of patterns) {
    pattern.lastIndex = start
    const [, before, value] = pattern.exec(text) ?? []
    if (before !== undefined && value !== undefined) return [before, value]
  }
  return ['', '']
}

/** Behind the bracket that closes the one at `start`; or the end of a text that was cut off. */
function endOfNested(text: string, start: number): number {
  const marks = new RegExp(`${literal.source}|[[{]|[\\]}]`, 'g')
  marks.lastIndex = start
  let depth = 0
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if ('[{'.includes(mark[0])) depth += 1
    else if (']}'.includes(mark[0])) depth -= 1
    if (depth === 0) return marks.lastIndex
  }
  return text.length
}
