import type { Refusal, RefusalCode } from '../model/refusal.ts'
import { lineNumber } from './lines.ts'

/** The file that an op works on; `path` serves messages and the choice of the language only. */
export interface Target {
  readonly path: string
  readonly text: string
}

interface Reason {
  readonly message: string
  readonly at?: number | undefined
  readonly snippet?: string | undefined
  readonly hint?: string | undefined
  readonly candidates?: readonly string[] | undefined
}

export interface Refused {
  readonly state: 'refused'
  readonly refusal: Refusal
}

const HINTS: Partial<Record<RefusalCode, string>> = {
  NO_ANCHOR: 'Put the lines in by hand, then run the command again.',
  AMBIGUOUS: 'Put the lines in by hand at the place you mean, then run the command again.',
  NAME_TAKEN: 'Rename the other one, or put the lines in by hand under another name.',
  PARSE_ERROR: 'Correct the syntax error, then run the command again.',
  CONFLICT_MARKERS: 'Finish the merge, then run the command again.',
  DRIFT: 'Take the lines out by hand, then run the command again.',
  STILL_USED: 'Remove the uses, then run the command again.',
  USER_COMMENT: 'Move or remove the comment, then run the command again.',
}

/** A refusal about one place of a file. */
export function refused(target: Target, code: RefusalCode, reason: Reason): Refused {
  const { message, at, snippet, candidates, hint = HINTS[code] } = reason
  return {
    state: 'refused',
    refusal: {
      code,
      file: target.path,
      line: at === undefined ? 1 : lineNumber(target.text, at),
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(snippet === undefined ? {} : { snippet }),
      ...(candidates === undefined ? {} : { candidates }),
    },
  }
}

/** `file:line`, the form in which candidates are listed. */
export function candidate(target: Target, at: number): string {
  return `${target.path}:${lineNumber(target.text, at)}`
}
