/** Escapes and sets: whatever they stand for, it is one character. */
const characters = /\\(?:[pPu]\{[^}]*\}|k<[^>]*>|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]/g

/** What a group begins with, where it isn't a plain one. */
const groupMarks = /\(\?(?:<?[=!]|:|<[^>]*>)/g

/** A group that repeats, a repetition without a bound before the end, and one of a thousand or more. */
const unbounded = /\)[*+{]|(?:[*+]|\{\d+,\})(?!\??$)|\{\d{4}/

const choice = /[?|]|\{\d+,(\d+)\}/g

/** So many ways to match at one place are still few. */
const maxWays = 1_000

/**
 * A pattern that finds all matches, and in any text in linear time for certain: only its end may
 * repeat without a bound, and no group repeats. Some patterns are refused that would be fast.
 *
 * @throws {Error} if it may be slow, or isn't a regular expression
 */
export function customPattern(name: string, pattern: string): RegExp {
  let expression: RegExp
  try {
    expression = new RegExp(pattern, 'gu')
  } catch (cause) {
    throw new Error(`The pattern "${name}" isn't a regular expression.`, { cause })
  }
  const bare = expression.source.replace(characters, 'x').replace(groupMarks, '(')
  const choices = [...bare.matchAll(choice)].map(([, most = 1]) => Number(most) + 1)
  const ways = choices.reduce((product, count) => product * count, 1)
  if (!unbounded.test(bare) && ways <= maxWays) return expression
  throw new Error(
    `The pattern "${name}" may take more than linear time. Only its end may repeat without a bound: write \\d{1,20} elsewhere, and repeat no group.`,
  )
}
