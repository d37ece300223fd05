import {
  BLANK,
  BLOCK_COMMENT,
  BRACED_IMPORT,
  CALL,
  COMMENT,
  EXPORT,
  IMPORT,
  isPlainName,
  OPENING,
  REGISTRATION,
} from './plain-lines-patterns.ts'
import type { Target } from './refuse.ts'

/** One line that is understood without a parser. */
export interface PlainLine {
  /** Offset of its first character. */
  readonly start: number
  /** Without its line ending. */
  readonly text: string
  /** The name of a default import, or of what is registered. */
  readonly name: string
  /** The specifier of an import or re-export. */
  readonly from: string
  readonly isBelowComment: boolean
}

/** How all imports and re-exports of a text, or all statements of its function, are written. */
export interface PlainStyle {
  readonly indent: string
  readonly quote: string
  readonly close: string
}

/** A text of which every line is understood, so that it has no syntax error either. */
export interface PlainText {
  readonly imports: readonly PlainLine[]
  readonly exports: readonly PlainLine[]
  readonly registrations: readonly PlainLine[]
  /** The name of the only function. */
  readonly within: string | undefined
  readonly top: PlainStyle | undefined
  readonly body: PlainStyle | undefined
  /** The names that the top level binds. */
  readonly names: ReadonlySet<string>
}

/**
 * Reads a text by its lines: imports and a function that registers plugins, or re-exports, and
 * comments. Each line is complete by itself, so none can be part of a string or of other code.
 *
 * @returns undefined if anything else stands in the text, or if not all is written alike
 */
export function readPlain({ path, text }: Target): PlainText | undefined {
  const eol = text.includes('\r') ? '\r\n' : '\n'
  // What else ends a line for the language.
  const isOdd = /[\u2028\u2029]/.test(text) || (eol !== '\n' && /\r(?!\n)|(?<!\r)\n/.test(text))
  if (isOdd || !/(?<!\.d)\.m?ts$/.test(path) || !text.endsWith(eol)) return undefined
  const reader = new Reader()
  let start = 0
  for (const line of text.slice(0, -eol.length).split(eol)) {
    if (!reader.take(line, start)) return undefined
    start += line.length + eol.length
  }
  return reader.isComplete ? reader : undefined
}

class Reader implements PlainText {
  readonly imports: PlainLine[] = []
  readonly exports: PlainLine[] = []
  readonly registrations: PlainLine[] = []
  readonly names = new Set<string>()
  within: string | undefined
  top: PlainStyle | undefined
  body: PlainStyle | undefined
  #place: 'top' | 'body' | 'end' = 'top'
  #isInComment = false
  #isBelowComment = false

  get isComplete(): boolean {
    const isMixed = this.exports.length > 0 && this.names.size > 0
    return this.#place !== 'body' && !this.#isInComment && !isMixed
  }

  /** Says whether the line is understood. */
  take(text: string, start: number): boolean {
    if (!this.#isInComment && this.#takeCode(text, start)) {
      this.#isBelowComment = false
      return true
    }
    if (this.#isInComment || BLOCK_COMMENT.test(text)) return this.#takeComment(text)
    this.#isBelowComment = COMMENT.test(text)
    return this.#isBelowComment || BLANK.test(text)
  }

  #takeComment(text: string): boolean {
    const from = this.#isInComment ? 0 : text.indexOf('/*') + 2
    const end = text.indexOf('*/', from)
    this.#isInComment = end === -1
    this.#isBelowComment = true
    return end === -1 || BLANK.test(text.slice(end + 2))
  }

  #takeCode(text: string, start: number): boolean {
    if (this.#place === 'top') return this.#takeModule(text, start) || this.#open(text)
    return this.#place === 'body' && this.#takeStatement(text, start)
  }

  #takeModule(text: string, start: number): boolean {
    const plain = IMPORT.exec(text)
    const found = plain ?? BRACED_IMPORT.exec(text) ?? EXPORT.exec(text)
    if (found === null) return false
    const [, what = '', quote = '', from = '', close = ''] = found
    const name = plain === null ? '' : what
    const list = what === '*' ? this.exports : this.imports
    list.push({ start, text, name, from, isBelowComment: this.#isBelowComment })
    if (plain !== null && !isPlainName(name)) return false
    if (list === this.imports) for (const one of what.split(/, | /)) this.names.add(one)
    this.top ??= { indent: '', quote, close }
    return quote === this.top.quote && close === this.top.close
  }

  #open(text: string): boolean {
    this.within = OPENING.exec(text)?.[1]
    if (this.within === undefined) return false
    this.names.add(this.within)
    this.#place = 'body'
    return true
  }

  #takeStatement(text: string, start: number): boolean {
    if (text === '}') {
      this.#place = 'end'
      return true
    }
    const registered = REGISTRATION.exec(text)
    const found = registered ?? CALL.exec(text)
    if (found === null) return false
    const name = registered?.[2]
    if (name !== undefined) {
      const isBelowComment = this.#isBelowComment
      this.registrations.push({ start, text, name, from: '', isBelowComment })
      if (!isPlainName(name)) return false
    }
    const [indent = '', close = ''] = [found[1], found.at(-1)]
    this.body ??= { indent, quote: '', close }
    return indent === this.body.indent && close === this.body.close
  }
}
