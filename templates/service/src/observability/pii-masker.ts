import { type Detector, detectors, hidden, type MaskedType } from './pii-detectors.ts'
import { type FieldKind, fieldKind, maskField, plainName } from './pii-fields.ts'

export type { MaskedType } from './pii-detectors.ts'

/** A kind of value that only this service knows. */
export interface CustomPattern {
  /** Names it in messages. */
  readonly name: string
  readonly pattern: string | RegExp
  /** Replaces each match; `********` by default. */
  readonly mask?: string
}

export interface MaskerOptions {
  /** Further fields whose values are hidden; in any case, with any separators. */
  readonly fields?: readonly string[]
  readonly patterns?: readonly CustomPattern[]
  /** Objects below this many levels are left out; 10 by default. */
  readonly maxDepth?: number
  /** Called for each masked value. */
  readonly onMasked?: (type: MaskedType) => void
}

/** How many names of fields are remembered; they may be a client's. */
const maxNames = 2_000

/**
 * Hides personal data and secrets in whatever is logged: e-mail addresses, phone numbers, cards,
 * social security numbers, keys and tokens, fields whose name says that they are secret, and the
 * patterns of `options`. What is masked already stays as it is.
 */
export class PIIMasker {
  readonly #detectors: readonly Detector[]
  readonly #fields: ReadonlySet<string>
  readonly #kinds = new Map<string, FieldKind | undefined>()
  readonly #maxDepth: number
  readonly #onMasked: ((type: MaskedType) => void) | undefined

  constructor({ fields = [], patterns = [], maxDepth = 10, onMasked }: MaskerOptions = {}) {
    this.#fields = new Set(fields.map(plainName))
    this.#detectors = [...detectors, ...patterns.map(customDetector)]
    this.#maxDepth = maxDepth
    this.#onMasked = onMasked
  }

  /**
   * A masked copy that is safe to log: text stays text, everything else becomes plain objects,
   * arrays, numbers and the like, which `JSON.stringify` takes. Never throws: a member that cannot
   * be read or masked is left out.
   */
  mask<T>(value: T): T {
    try {
      return this.#copy(value, 0, new Map()) as T
    } catch {
      return hidden as T
    }
  }

  #copy(value: unknown, depth: number, seen: Map<object, unknown>): unknown {
    if (typeof value === 'string') return this.#text(value, 0)
    if (typeof value === 'number') return Math.abs(value) < 1e11 ? value : this.#number(value)
    if (typeof value === 'bigint') return this.#text(String(value), 0)
    if (typeof value !== 'object') return typeof value === 'boolean' ? value : undefined
    if (value === null) return null
    if (seen.has(value)) return seen.get(value)
    if (depth > this.#maxDepth) return '[too deep]'
    seen.set(value, '[circular]')
    const copy = this.#object(value, depth + 1, seen)
    seen.set(value, copy)
    return copy
  }

  /** A number stays a number unless it is masked. */
  #number(value: number): number | string {
    const text = String(value)
    const masked = this.#text(text, 0)
    return masked === text ? value : masked
  }

  #object(value: object, depth: number, seen: Map<object, unknown>): unknown {
    if (Array.isArray(value)) return this.#items(value, depth, seen)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return `[${value.constructor.name} of ${value.byteLength} bytes]`
    if (value instanceof Date) return new Date(value.getTime())
    if (value instanceof Map) return this.#members(value, depth, seen)
    if (value instanceof Set) return this.#items([...value], depth, seen)
    if (value instanceof Error) return this.#members(errorMembers(value), depth, seen)
    if (value instanceof String || value instanceof Number || value instanceof RegExp)
      return this.#copy(value instanceof RegExp ? String(value) : value.valueOf(), depth, seen)
    if ('toJSON' in value && typeof value.toJSON === 'function')
      return this.#copy(value.toJSON(), depth, seen)
    return this.#members(readable(value), depth, seen)
  }

  #items(items: readonly unknown[], depth: number, seen: Map<object, unknown>): unknown[] {
    return items.map((item) => {
      try {
        return this.#copy(item, depth, seen)
      } catch {
        return undefined
      }
    })
  }

  #members(
    members: Iterable<readonly [unknown, unknown]>,
    depth: number,
    seen: Map<object, unknown>,
  ): unknown {
    const copy: Record<string, unknown> = {}
    for (const [key, value] of members) {
      try {
        const name = String(key)
        const kind = this.#kind(name)
        const masked = kind ? this.#field(kind, value, depth, seen) : this.#copy(value, depth, seen)
        const define = { value: masked, enumerable: true, configurable: true, writable: true }
        Object.defineProperty(copy, this.#text(name, 0), define)
      } catch {
        // Nothing of it may be shown.
      }
    }
    return copy
  }

  #field(kind: FieldKind, value: unknown, depth: number, seen: Map<object, unknown>): unknown {
    if (value === null || value === undefined || typeof value === 'boolean') return value
    if (typeof value === 'object') {
      if (kind.secret === 'never') return this.#copy(value, depth, seen)
      return this.#count('field', hidden)
    }
    const found = maskField(kind, String(value))
    return found ? this.#count(found.type, found.mask) : this.#copy(value, depth, seen)
  }

  #count(type: MaskedType, mask: string): string {
    this.#onMasked?.(type)
    return mask
  }

  #kind(name: string): FieldKind | undefined {
    if (this.#kinds.has(name)) return this.#kinds.get(name)
    if (this.#kinds.size >= maxNames) this.#kinds.clear()
    const kind = fieldKind(name, this.#fields)
    this.#kinds.set(name, kind)
    return kind
  }

  #text(text: string, level: number): string {
    if (text.length < 3) return text
    let masked = text
    if (level < 5) {
      if (masked.includes('\\')) masked = this.#escaped(masked, level + 1)
      if (/%[0-9a-f]{2}/i.test(masked)) masked = this.#encoded(masked, level + 1)
    }
    if (/[:=]/.test(masked)) masked = this.#named(masked)
    for (const { type, hint, pattern, mask } of this.#detectors) {
      if (!hint.test(masked)) continue
      masked = masked.replace(pattern, (...match) => {
        const mine = mask(match as unknown as RegExpMatchArray)
        return mine === undefined ? match[0] : this.#count(type, mine)
      })
    }
    return masked
  }

  /** Masks string literals of JSON that hold escapes, perhaps of JSON in JSON. */
  #escaped(text: string, level: number): string {
    return text.replace(/"[^"\\]*(?:\\[\s\S]?[^"\\]*)*(?:"|$)/g, (literal) => {
      if (!literal.includes('\\')) return literal
      try {
        const inner = JSON.parse(literal)
        const masked = this.#text(inner, level)
        return masked === inner ? literal : JSON.stringify(masked)
      } catch {
        return literal
      }
    })
  }

  /** Masks what is percent-encoded in URLs and forms. */
  #encoded(text: string, level: number): string {
    return text.replace(/[\w.~!*'()+%-]+/g, (part) => {
      if (!part.includes('%')) return part
      for (const [coded, space] of [
        [part, '%20'],
        [part.replaceAll('+', ' '), '+'],
      ] as const) {
        const inner = coded.replace(/(?:%[0-9a-f]{2})+/gi, decode)
        const masked = this.#text(inner, level)
        if (masked !== inner) return encodeURIComponent(masked).replaceAll('%20', space)
      }
      return part
    })
  }

  /** Masks the values of secret fields in `name=value`, `name: value` and JSON. */
  #named(text: string): string {
    const fields =
      /(?<![\p{L}\p{N}_-]|\/\/)((?:api|access|private|security|session|card|credit|secret) (?=\p{L}))?([\p{L}_][\p{L}\p{N}_.-]*)(\\*["'])?\s*(?:=>|[:=])\s*/giu
    let masked = ''
    let done = 0
    for (let match = fields.exec(text); match; match = fields.exec(text)) {
      const kind = this.#kind(`${match[1] ?? ''}${match[2]}`)
      if (!kind) continue
      const value = valueAt(text, fields.lastIndex, kind, match[3] ?? '')
      if (!value || /^(?:true|false|null|undefined)$/.test(value.text)) continue
      const found =
        value.isNested && kind.secret !== 'never'
          ? ({ type: 'field', mask: hidden } as const)
          : maskField(kind, value.text)
      if (!found) continue
      masked += text.slice(done, value.start) + value.quote + found.mask + value.quote
      this.#count(found.type, found.mask)
      done = value.end
      fields.lastIndex = value.end
    }
    return masked + text.slice(done)
  }
}

interface FoundValue {
  readonly start: number
  readonly end: number
  readonly text: string
  /** To be put around the mask: JSON has no number of asterisks. */
  readonly quote: string
  readonly isNested: boolean
}

/** The value of a field that starts at `start`: quoted, an object or array, or a word. */
function valueAt(
  text: string,
  start: number,
  kind: FieldKind,
  keyQuote: string,
): FoundValue | undefined {
  const quote = at(text, start, /\\*["'`]/y)?.[0]
  if (quote) {
    const from = start + quote.length
    const found = text.indexOf(quote, from)
    const end = found === -1 ? text.length : found
    return { start: from, end, text: text.slice(from, end), quote: '', isNested: false }
  }
  if (/[{[]/.test(text[start] ?? '')) {
    const end = endOfNested(text, start)
    return { start, end, text: text.slice(start, end), quote: keyQuote, isNested: true }
  }
  if (kind.header && keyQuote === '') {
    const scheme = at(text, start, /(?:bearer|basic|digest|token)\s+/iy)?.[0] ?? ''
    const from = start + scheme.length
    const line = at(text, from, /[^\r\n"&]+/y)?.[0]
    if (!line) return undefined
    return { start: from, end: from + line.length, text: line, quote: '', isNested: false }
  }
  const word = at(
    text,
    start,
    /(?:[^\s&"'<>,;)\]}]|[,;)\]}](?=[^\s&"'<>,;)\]}])(?!\w+["']?[:=]))+/y,
  )?.[0]
  if (!word) return undefined
  return { start, end: start + word.length, text: word, quote: keyQuote, isNested: false }
}

function at(text: string, index: number, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = index
  return pattern.exec(text)
}

/** Behind the bracket that closes the one at `start`, or the end of a text that was cut off. */
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

function decode(sequence: string): string {
  try {
    return decodeURIComponent(sequence)
  } catch {
    return sequence
  }
}

function customDetector({ name, pattern, mask = hidden }: CustomPattern): Detector {
  try {
    const source = typeof pattern === 'string' ? pattern : pattern.source
    const flags = typeof pattern === 'string' ? 'u' : pattern.flags.replace(/[gy]/g, '')
    const expression = new RegExp(source, `${flags}g`)
    return {
      type: 'custom',
      hint: new RegExp(source, flags),
      pattern: expression,
      mask: () => mask,
    }
  } catch (cause) {
    throw new Error(`The pattern "${name}" is not a regular expression.`, { cause })
  }
}

function* readable(value: object): Generator<readonly [string, unknown]> {
  for (const name of Object.keys(value)) {
    try {
      yield [name, (value as Record<string, unknown>)[name]]
    } catch {
      // A getter that throws.
    }
  }
}

function* errorMembers(error: Error): Generator<readonly [string, unknown]> {
  for (const name of ['name', 'message', 'stack', 'cause', 'errors'] as const) {
    try {
      const value = (error as unknown as Record<string, unknown>)[name]
      if (value !== undefined) yield [name === 'name' ? 'type' : name, value]
    } catch {
      // A getter that throws.
    }
  }
  for (const member of readable(error)) {
    if (!['name', 'message', 'stack', 'cause', 'errors'].includes(member[0])) yield member
  }
}
