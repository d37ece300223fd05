// The order in which Biome's organizeImports weighs the characters of a specifier: separators of
// a path first, then other punctuation, digits, and letters with the capital before the small one.
const PUNCTUATION = '/\\?#=&;,@:. _-+*!%$()[]{}<>|^~\'"`'
const LETTERS = 'AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz'
const WEIGHTS = new Map([...`${PUNCTUATION}0123456789${LETTERS}`].map((char, i) => [char, i]))

function weight(part: string): number {
  const char = part.charAt(0)
  return WEIGHTS.get(char) ?? 1000 + char.charCodeAt(0)
}

function compareParts(a: string, b: string): number {
  if (/^\d/.test(a) && /^\d/.test(b)) {
    return a.length - b.length || (a < b ? -1 : Number(a > b))
  }
  return weight(a) - weight(b)
}

/** Natural order: `a9` before `a10`, `A` before `a` before `B`. The same on every machine. */
export function compareNatural(a: string, b: string): number {
  const partsA = a.match(/\d+|\D/gs) ?? []
  const partsB = b.match(/\d+|\D/gs) ?? []
  for (const [i, part] of partsA.entries()) {
    const other = partsB[i]
    if (other === undefined) return 1
    const difference = compareParts(part, other)
    if (difference !== 0) return difference
  }
  return partsA.length - partsB.length
}
