/** Common words of other tools for what has another name here. */
const synonyms: Readonly<Record<string, string>> = {
  bool: 'boolean',
  char: 'string',
  datetime: 'timestamp',
  double: 'float',
  fk: 'references',
  integer: 'int',
  jsonb: 'json',
  long: 'bigint',
  money: 'decimal',
  nullable: 'optional',
  number: 'int',
  numeric: 'decimal',
  object: 'json',
  real: 'float',
  relation: 'references',
  timestamptz: 'timestamp',
  time: 'timestamp',
  varchar: 'string',
}

/** The candidate that was probably meant, or `undefined` when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const given = word.toLowerCase()
  const synonym = Object.hasOwn(synonyms, given) ? synonyms[given] : undefined
  if (synonym !== undefined && candidates.includes(synonym)) return synonym
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distance(given, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0]
  const tolerance = Math.max(1, Math.floor(given.length / 2))
  return ranked && ranked.distance <= tolerance ? ranked.candidate : undefined
}

/** Edit distance that counts two swapped neighbours as one step (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (row[j - 1] ?? 0) + 1,
        (last[j] ?? 0) + 1,
        (last[j - 1] ?? 0) + change,
        swapped && i > 1 && j > 1 ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
