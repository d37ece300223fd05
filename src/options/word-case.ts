/** Splits at `_`, `-` and case changes: `APIKey` is `api key`, `order_item` is `order item`. */
function split(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

/** `UserProfile` of `user profile`. */
export function pascal(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** `userProfile` of `user profile`. */
export function camel(words: readonly string[]): string {
  const name = pascal(words)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/**
 * The words of an identifier, such that every spelling made of them has the same words again:
 * `a_b_c` is one word, because `ABC` is.
 */
export function wordsOf(text: string, spell: typeof pascal = pascal): string[] {
  let words = split(text)
  for (;;) {
    const again = split(spell(words))
    if (again.length === words.length) return again
    words = again
  }
}
