import { usageError } from '../../errors.ts'

/** So many characters fit into the line of the tag, even if each takes two columns. */
const longest = 40

/**
 * The tag under which the documentation groups operations, which is text of one line.
 * @throws {UserError} when it is none
 */
export function parseTag(text: string): string {
  const tag = text.trim()
  if (tag === '') throw usageError('A tag cannot be empty.')
  if (tag.length > longest) {
    throw usageError(`${JSON.stringify(tag)} has more than ${longest} characters.`)
  }
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(tag)) {
    throw usageError(`${JSON.stringify(tag)} cannot be a tag: it contains a control character.`)
  }
  return tag
}
