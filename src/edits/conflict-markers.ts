import { type Refused, refused, type Target } from './refuse.ts'

/** Whether git left an unresolved conflict in a text. */
export function hasConflictMarkers(text: string): boolean {
  return /^<{7}(?: .*)?\r?$[\s\S]*?^={7}\r?$[\s\S]*?^>{7}(?: .*)?\r?$/m.test(text)
}

/** A refusal if a text has unresolved conflicts. */
export function conflictIn(target: Target, snippet: string): Refused | undefined {
  if (!hasConflictMarkers(target.text)) return undefined
  const at = target.text.search(/^<{7}(?: |\r?$)/m)
  const message = 'The file has unresolved merge conflicts.'
  return refused(target, 'CONFLICT_MARKERS', { message, at, snippet })
}
