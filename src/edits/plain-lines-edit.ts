import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { Op } from '../model/op.ts'
import { generatedIn } from './generated.ts'
import { nextLine } from './lines.ts'
import type { PlainLine } from './plain-lines.ts'
import { wantedBy } from './plain-lines-wanted.ts'
import { type Place, placeByRank } from './rank.ts'
import type { Target } from './refuse.ts'
import { cut, lineCut, lineSplice, spliced } from './splice.ts'

// A comment that says something of the next line.
const RULE = /ignore|expect-error|disable-next/

/**
 * Makes a change in a text so simple that no parser is needed, exactly as it is made with one.
 *
 * @returns undefined if a parser is needed; nothing is ever refused
 */
export function applyPlain(target: Target, op: Op): ApplyResult | undefined {
  const { text } = target
  const wanted = wantedBy(op, target)
  if (wanted === undefined) return undefined
  const found = wanted.lines.find(wanted.isAlike)
  if (found !== undefined) return wanted.isSame(found) ? { state: 'present' } : undefined
  const { lines, line, chunk } = wanted
  const headed = op.op === 'ensureStatement' ? undefined : lines[0]
  const at = offsetAt(text, placeByRank(lines, wanted.compare), headed)
  if (at === undefined || generatedIn(target, op, chunk) !== undefined) return undefined
  return { state: 'applied', text: spliced(text, lineSplice(text, at, line)), chunk }
}

/**
 * Where our line starts.
 *
 * @param headed the line of which a comment above it is that of the whole text
 * @returns undefined if the place is not certain
 */
function offsetAt(
  text: string,
  place: Place<PlainLine>,
  headed: PlainLine | undefined,
): number | undefined {
  if (place === undefined) return undefined
  if ('behind' in place) return nextLine(text, place.behind.start)
  const { start, isBelowComment } = place.before
  const isHeader = place.before === headed && !RULE.test(text.slice(0, start))
  return isBelowComment && !isHeader ? undefined : start
}

/** The inverse of `applyPlain`, with its exactness. */
export function revokePlain(target: Target, op: Op, chunk: string): RevokeResult | undefined {
  const { text } = target
  const wanted = wantedBy(op, target)
  if (wanted === undefined) return undefined
  const [found, other] = wanted.lines.filter(wanted.isAlike)
  // The last of its kind leaves gaps and empty braces.
  if (found === undefined || other !== undefined || wanted.lines.length === 1) return undefined
  if (found.text !== wanted.line || chunk !== wanted.chunk) return undefined
  const { start } = found
  const left = cut(text, lineCut(text, start, start))
  const isUsed = op.op === 'ensureImport' && new RegExp(`\\b${op.name}\\b`).test(left)
  return isUsed ? undefined : { state: 'revoked', text: left }
}
