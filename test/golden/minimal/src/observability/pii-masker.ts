import { customPattern } from './custom-pattern.ts'
import {
  blockDetectors,
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

export interface MaskerOptions {
  /** Further fields whose values are hidden, in any case and with any separators. */
  readonly fields?: readonly string[]
  /** Regular expressions of further values that are hidden; the names are for messages. */
  readonly patterns?: readonly { readonly name: string; readonly pattern: string }[]
  /** Called for each value that is masked. */
  readonly onMasked?: (type: MaskedType) => void
}

/** Texts without any of these characters hold nothing to mask, but for keys of letters alone. */
const trace = /[\d@:=%\\_-]/
const shortTrace = /[@:=>%\\]/
const keyOfLetters = /A[BCIKS][CIz][Aa]|[Bb](?:asic|earer) /

/** The most frequent texts with digits: UUIDs and times. */
const harmless =
  /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\d{4}-\d{2}-\d{2}(?:T[\d:.]{5,18}Z?)?)$/i

/** How many names of fields are remembered; a client may make them up. */
const maxNames = 2_000

/** Objects below so many levels are left out. */
const maxDepth = 10

/** How often texts may be encoded in one another. */
const maxEncodings = 5

type Field = { readonly name: string; readonly kind: FieldKind | null }

type Copies = Map<object, unknown>

/**
 * Hides personal data and secrets in what is logged: e-mail addresses, phone numbers, cards, social
 * security numbers, keys and tokens, fields whose name says that they are secret, and what the
 * options add. What is masked already stays as it is.
 */
export class PIIMasker {
  readonly #options: MaskerOptions
  readonly #ownFields: ReadonlySet<string>
  readonly #ownDetectors: readonly Detector[]
  readonly #fields = new Map<string, Field>()

  /** Throws for a pattern that may take more than linear time. */
  constructor(options: MaskerOptions = {}) {
    const { fields = [], patterns = [] } = options
    this.#options = options
    this.#ownFields = new Set(fields.map(plainName))
    this.#ownDetectors = patterns.map(({ name, pattern }) => ({
      type: 'custom',
      hint: /./s,
      pattern: customPattern(name, pattern),
      mask: ([text]) => (text === '' ? undefined : hidden),
    }))
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

  #copy(value: unknown, depth: number, copies: Copies): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value === 'number' || typeof value === 'bigint') return this.#number(value)
    if (value === null || typeof value === 'boolean') return value
    if (typeof value !== 'object') return undefined
    if (copies.has(value)) return copies.get(value)
    if (depth > maxDepth) return '[too deep]'
    copies.set(value, '[circular]')
    const copy = this.#object(value, depth + 1, copies)
    copies.set(value, copy)
    return copy
  }

  #number(value: number | bigint): unknown {
    if (typeof value === 'number' && !(Number.isInteger(value) && value > 1e11)) return value
    const masked = this.#text(String(value))
    return masked === String(value) && typeof value === 'number' ? value : masked
  }

  #object(value: object, depth: number, copies: Copies): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, depth, copies))
    const isPlain = Object.getPrototypeOf(value) === Object.prototype && !('toJSON' in value)
    if (isPlain) return this.#members(value, Object.keys(value), depth, copies)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return `[${value.byteLength} bytes]`
    if (value instanceof Error) {
      const names = ['name', 'message', 'stack', 'cause', 'errors', ...Object.keys(value)]
      return this.#members(value, names, depth, copies)
    }
    if (value instanceof Date) return new Date(value)
    if (value instanceof Set) return this.#copy([...value], depth, copies)
    const source: { toJSON?: unknown } = value instanceof Map ? Object.fromEntries(value) : value
    if (typeof source.toJSON === 'function') return this.#copy(source.toJSON(), depth, copies)
    const primitive = source.valueOf?.()
    if (typeof primitive !== 'object') return this.#copy(primitive, depth, copies)
    return this.#members(source, Object.keys(source), depth, copies)
  }

  #members(source: object, names: readonly string[], depth: number, copies: Copies): unknown {
    const copy: Record<string, unknown> = {}
    for (const key of names) {
      try {
        const value: unknown = source[key as keyof object]
        if (value === undefined) continue
        const { name, kind } = this.#field(key)
        const masked = this.#named(kind, value) ?? this.#copy(value, depth, copies)
        if (masked === undefined) continue
        if (name !== '__proto__') copy[name] = masked
        else Object.defineProperty(copy, name, { value: masked, enumerable: true })
      } catch {
        // Nothing of it may be seen.
      }
    }
    return copy
  }

  /** The mask of a value because of its name. */
  #named(kind: FieldKind | null, value: unknown): string | undefined {
    const found = kind && maskField(kind, value)
    return found ? this.#count(...found) : undefined
  }

  #count(type: MaskedType, mask: string): string {
    this.#options.onMasked?.(type)
    return mask
  }

  /** Names come again and again, and taking one apart takes time. */
  #field(key: string): Field {
    const known = this.#fields.get(key)
    if (known) return known
    if (this.#fields.size >= maxNames) this.#fields.clear()
    const field = { name: this.#text(key), kind: fieldKind(key, this.#ownFields) }
    this.#fields.set(key, field)
    return field
  }

  #text(text: string, encodings = 0): string {
    const own = this.#ownDetectors.length > 0 ? this.#detect(text, this.#ownDetectors) : text
    return isHarmless(own) ? own : this.#search(own, encodings)
  }

  #search(text: string, encodings: number): string {
    let masked = text
    if (encodings < maxEncodings) {
      const mask = (inner: string) => this.#text(inner, encodings + 1)
      if (masked.includes('\\')) masked = maskEscaped(masked, mask)
      if (masked.includes('%')) masked = maskEncoded(masked, mask)
    }
    masked = this.#detect(masked, blockDetectors)
    if (/[:=>](?!\/\/)/.test(masked)) {
      const kindOf = (name: string) => this.#field(name).kind
      masked = maskFields(masked, kindOf, (kind, value) => this.#named(kind, value))
    }
    masked = this.#detect(masked, textDetectors)
    return enoughDigits.test(masked) ? this.#detect(masked, numberDetectors) : masked
  }

  #detect(text: string, detectors: readonly Detector[]): string {
    let masked = text
    for (const { type, hint, pattern, mask } of detectors) {
      if (!hint.test(masked)) continue
      masked = replaceMatches(masked, pattern, (match, end) => {
        const found = mask(match)
        return found === undefined ? found : [match.index, end, this.#count(type, found)]
      })
    }
    return masked
  }
}

/** Most texts are. An address has 6 characters, a phone number 9, a key of letters 12. */
function isHarmless(text: string): boolean {
  if (text.length < 9) return text.length < 6 || !shortTrace.test(text)
  if (trace.test(text)) return harmless.test(text)
  return text.length < 12 || !keyOfLetters.test(text)
}
