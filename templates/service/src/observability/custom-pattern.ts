/** The parts of a regular expression: escapes, sets, brackets, quantifiers and single characters. */
const parts =
  /\\(?:[pP]\{[^}]*\}|k<[^>]*>|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<[^>]*>))?|[*+?]\??|\{\d+(?:,\d*)?\}\??|[\s\S]/gu

const quantifier = /^(?:[*+?]|\{\d)/
const literal = /^(?:[^\\[().|^$*+?{}]|\\[^\w\s])$/u

/** So many ways to match at one place are still few. */
const maxChoices = 1_000

/**
 * Whether a pattern takes linear time for certain, in every text. What repeats without a bound must
 * come last, or begin behind a character that it cannot hold; a group that varies cannot repeat.
 * Some patterns are refused that would be fast.
 */
export function isLinear({ source, flags }: RegExp): boolean {
  const tokens = source.match(parts) ?? []
  const groups = [{ varies: false, looks: false }]
  let closed = groups[0]
  let guards: string[] = []
  let choices = 1
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1] ?? ''
    const group = groups.at(-1)
    if (!group || /^\\[1-9k]/.test(token)) return false
    if (token.startsWith('(')) groups.push({ varies: false, looks: /^\(\?(?:[=!]|<!)/.test(token) })
    else if (token === ')') closed = groups.pop()
    else if (token === '|') {
      group.varies = true
      guards = []
      choices *= 2
    } else if (literal.test(token)) guards.push(token.at(-1) as string)
    if (token === ')' && (closed?.varies || closed?.looks)) guards = []
    if (!quantifier.test(token)) continue

    const [least, most] = boundsOf(token)
    if (least > maxChoices || (before === ')' && closed?.varies && most > 1)) return false
    if (least !== most) group.varies = true
    if (most <= maxChoices) choices *= most - least + 1
    else if (at < tokens.length - 1) {
      if (before === ')') return false
      const repeated = new RegExp(`^(?:${before})$`, flags.replace(/[gy]/g, ''))
      if (guards.every((guard) => repeated.test(guard))) return false
    }
    if (least === 0 || most > maxChoices) guards = []
  }
  return choices <= maxChoices
}

function boundsOf(token: string): readonly [number, number] {
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)/.exec(token) ?? []
  if (least === undefined)
    return [token.startsWith('+') ? 1 : 0, token.startsWith('?') ? 1 : Infinity]
  return [Number(least), Number(most || (comma ? Infinity : least))]
}
