import {
  type Detector,
  enoughDigits,
  hidden,
  type MaskedType,
  numberDetectors,
  textDetectors,
} from './pii-detectors.ts'
import { type FieldKind, fieldKind, maskField, plainName } from './pii-fields.ts'
import { maskEncoded, maskEscaped, maskFields, replaceMatches } from './pii-text.ts'

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
  /** Further fields whose values are hidden, in any case and with any separators. */
  readonly fields?: readonly string[]
  readonly patterns?: readonly CustomPattern[]
  /** Objects below this many levels are left out; 10 by default. */
  readonly maxDepth?: number
  /** Called for each value that is masked. */
  readonly onMasked?: (type: MaskedType) => void
}

/** Texts without any of these characters hold nothing to mask, but for keys of AWS and Google. */
const trace = /[\d@:=%\\_-]/
const amongLetters = /A[BCIKS][CIz][Aa]/

/** As long as `a@b.co`. */
const shortest = 6

/** The most frequent texts with digits: UUIDs and times. */
const harmless =
  /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\d{4}-\d{2}-\d{2}(?:T[\d:.]{5,18}Z?)?)$/i

/** How many names of fields are remembered; a client may make them up. */
const maxNames = 2_000

/** How often a text may be encoded in another one. */
const maxEncodings = 5

type Seen = Map<object, unknown>

/**
 * Hides personal data and secrets in what is logged: e-mail addresses, phone numbers, cards, social
 * security numbers, keys and tokens, fields whose name says that they are secret, and the patterns
 * in `options`. What is masked already stays as it is.
 */
export class PIIMasker {
  readonly #patterns: readonly Detector[]
  readonly #ownFields: ReadonlySet<string>
  readonly #kinds = new Map<string, FieldKind | undefined>()
  readonly #options: MaskerOptions

  constructor(options: MaskerOptions = {}) {
    const { fields = [], patterns = [] } = options
    this.#options = options
    this.#ownFields = new Set(fields.map(plainName))
    this.#patterns = patterns.map(customDetector)
  }

  /**
   * A masked copy that is safe to log: texts stay texts, everything else becomes plain objects,
   * arrays and values that `JSON.stringify` takes. Never throws: a member that cannot be read or
   * masked is left out.
   */
  mask<T>(value: T): T {
    try {
      return this.#copy(value, 0, new Map()) as T
    } catch {
      return hidden as T
    }
  }

  #copy(value: unknown, depth: number, seen: Seen): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value === 'number' || typeof value === 'bigint') return this.#number(value)
    if (value === null || typeof value === 'boolean') return value
    if (typeof value !== 'object') return undefined
    if (seen.has(value)) return seen.get(value)
    if (depth > (this.#options.maxDepth ?? 10)) return '[too deep]'
    seen.set(value, '[circular]')
    const copy = this.#object(value, depth + 1, seen)
    seen.set(value, copy)
    return copy
  }

  #number(value: number | bigint): unknown {
    if (typeof value === 'number' && !(Number.isInteger(value) && value > 1e11)) return value
    const text = String(value)
    const masked = this.#text(text)
    return masked === text && typeof value === 'number' ? value : masked
  }

  #object(value: object, depth: number, seen: Seen): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, depth, seen))
    const isPlain = Object.getPrototypeOf(value) === Object.prototype && !('toJSON' in value)
    if (isPlain) return this.#members(value, Object.keys(value), depth, seen)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return `[${value.byteLength} bytes]`
    if (value instanceof Error) {
      const names = ['name', 'message', 'stack', 'cause', 'errors', ...Object.keys(value)]
      return this.#members(value, names, depth, seen)
    }
    if (value instanceof Date) return new Date(value)
    if (value instanceof Set) return this.#copy([...value], depth, seen)
    const source: { toJSON?: unknown } = value instanceof Map ? Object.fromEntries(value) : value
    if (typeof source.toJSON === 'function') return this.#copy(source.toJSON(), depth, seen)
    const primitive = source.valueOf()
    if (typeof primitive !== 'object') return this.#copy(primitive, depth, seen)
    return this.#members(source, Object.keys(source), depth, seen)
  }

  #members(source: object, names: readonly string[], depth: number, seen: Seen): unknown {
    const copy: Record<string, unknown> = {}
    for (const name of names) {
      try {
        const kind = this.#kind(name)
        const value: unknown = source[name as keyof object]
        const masked = this.#member(kind, value) ?? this.#copy(value, depth, seen)
        if (masked === undefined) continue
        if (name !== '__proto__') copy[this.#text(name)] = masked
        else Object.defineProperty(copy, name, { value: masked, enumerable: true })
      } catch {
        // Nothing of it may be seen.
      }
    }
    return copy
  }

  /** The mask of a value for its name. */
  #member(kind: FieldKind | undefined, value: unknown): string | undefined {
    if (!kind || value === null || value === undefined || typeof value === 'boolean')
      return undefined
    const isNested = typeof value === 'object'
    return this.#field(kind, isNested ? '' : String(value), isNested)
  }

  #field(kind: FieldKind, text: string, isNested: boolean): string | undefined {
    if (isNested && kind.secret === 'never') return undefined
    const found = maskField(kind, text)
    return found && this.#count(...found)
  }

  #count(type: MaskedType, mask: string): string {
    this.#options.onMasked?.(type)
    return mask
  }

  /** Names are asked for again and again, and taking one apart takes time. */
  #kind(name: string): FieldKind | undefined {
    const known = this.#kinds.get(name)
    if (known || this.#kinds.has(name)) return known
    if (this.#kinds.size >= maxNames) this.#kinds.clear()
    const kind = fieldKind(name, this.#ownFields)
    this.#kinds.set(name, kind)
    return kind
  }

  #isHarmless(text: string): boolean {
    if (this.#options.patterns) return false
    if (text.length < shortest) return true
    return (!trace.test(text) && !amongLetters.test(text)) || harmless.test(text)
  }

  #text(text: string, encodings = 0): string {
    if (this.#isHarmless(text)) return text
    let masked = text
    if (encodings < maxEncodings) {
      const mask = (inner: string) => this.#text(inner, encodings + 1)
      if (masked.includes('\\')) masked = maskEscaped(masked, mask)
      if (masked.includes('%')) masked = maskEncoded(masked, mask)
    }
    if (/[:=](?!\/\/)/.test(masked)) {
      masked = maskFields(
        masked,
        (name) => this.#kind(name),
        (kind, value, isNested) => this.#field(kind, value, isNested),
      )
    }
    masked = this.#detect(masked, textDetectors)
    if (enoughDigits.test(masked)) masked = this.#detect(masked, numberDetectors)
    return this.#detect(masked, this.#patterns)
  }

  #detect(text: string, detectors: readonly Detector[]): string {
    let masked = text
    for (const { type, hint, pattern, mask } of detectors) {
      if (!hint.test(masked)) continue
      masked = replaceMatches(masked, pattern, (match, end) => {
        const found = mask(match)
        if (found === undefined) return undefined
        return { start: match.index, end, text: this.#count(type, found) }
      })
    }
    return masked
  }
}

function customDetector({ name, pattern, mask = hidden }: CustomPattern): Detector {
  try {
    const { source, flags } = new RegExp(pattern, typeof pattern === 'string' ? 'u' : undefined)
    const expression = new RegExp(source, `${flags.replace(/[gy]/g, '')}g`)
    return { type: 'custom', hint: /./s, pattern: expression, mask: () => mask }
  } catch (cause) {
    throw new Error(`The pattern "${name}" is not a regular expression.`, { cause })
  }
}
