import { eolAt, lineStart, nextLine } from './lines.ts'

/** Text that goes in at an offset of the original; nothing is ever replaced. */
export interface Splice {
  readonly at: number
  readonly text: string
}

/** A stretch of the text that goes out. */
export interface Cut {
  readonly start: number
  readonly end: number
}

/** The text with one splice made. */
export function spliced(text: string, splice: Splice): string {
  return text.slice(0, splice.at) + splice.text + text.slice(splice.at)
}

/** The text with one stretch cut out. */
export function cut(text: string, { start, end }: Cut): string {
  return text.slice(0, start) + text.slice(end)
}

/**
 * A whole line put in at `at`, which is the start of a line or the end of the text. A missing
 * line ending at the end of the file stays missing.
 */
export function lineSplice(text: string, at: number, line: string): Splice {
  const eol = eolAt(text, at)
  const unfinished = at === text.length && at > 0 && text[at - 1] !== '\n'
  return { at, text: unfinished ? eol + line : line + eol }
}

/** The inverse of `lineSplice`: the lines from `start` to `end`, with one line ending. */
export function lineCut(text: string, start: number, end: number): Cut {
  const from = lineStart(text, start)
  const to = nextLine(text, end)
  const unfinished = text[to - 1] !== '\n' && from > 0
  return unfinished ? { start: from - eolAt(text, from).length, end: to } : { start: from, end: to }
}
