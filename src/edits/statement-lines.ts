import type { ts } from 'ts-morph'
import type { RevokeResult } from '../model/edit-result.ts'
import { codeEnd, isSound } from './guard.ts'
import { lineEnd, lineStart } from './lines.ts'
import { type Refused, refused } from './refuse.ts'
import { parse, type Source } from './source-file.ts'
import { type Cut, cut } from './splice.ts'

/** A refusal if something of the user's stands on the lines of a statement of ours. */
export function intruder(source: Source, node: ts.Node, snippet: string): Refused | undefined {
  const { text, file } = source
  const at = node.getStart(file)
  const end = codeEnd(source, node)
  const rest = [
    text.slice(lineStart(text, at), at).trim(),
    text.slice(end, lineEnd(text, end)).trim().replace(/^;\s*/, ''),
  ]
  const inside = text.slice(at, end)
  if (rest.every((part) => part === '') && !/\/\*|(?:^|\s)\/\//.test(inside)) return undefined
  const isComment = rest.every((part) => part === '' || /^\/[/*]/.test(part))
  return isComment
    ? refused(source, 'USER_COMMENT', { message: 'A comment stands on this line.', at, snippet })
    : refused(source, 'DRIFT', { message: 'Other code stands on this line.', at, snippet })
}

/** Makes a cut if nothing but ours goes with it and the rest keeps its meaning. */
export function revokeSoundly(
  source: Source,
  removal: Cut,
  at: number,
  snippet: string,
): RevokeResult {
  const text = cut(source.text, removal)
  const inserted = source.text.slice(removal.start, removal.end)
  if (isSound(parse({ path: source.path, text }), { at: removal.start, text: inserted })) {
    return { state: 'revoked', text }
  }
  const message = 'Taking this out would change the meaning of what stands around it.'
  return refused(source, 'DRIFT', { message, at, snippet })
}
