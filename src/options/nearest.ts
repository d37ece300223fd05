/**
 * The candidate that was probably meant, or `undefined` when none is near.
 * @param tolerance how many letters may differ; half of the word's by default
 */
export function nearest(
  word: string,
  candidates: readonly string[],
  tolerance: number = Math.max(1, Math.floor(word.length / 2)),
): string | undefined {
  const given = word.toLowerCase()
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distance(given, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  return best && best.distance <= tolerance ? best.candidate : undefined
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
