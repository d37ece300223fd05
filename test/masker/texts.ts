import fc from 'fast-check'

export const letters = 'abcdefghijklmnopqrstuvwxyz'
export const capitals = letters.toUpperCase()
export const numerals = '0123456789'

export function stringOf(characters: string, minLength: number, maxLength = minLength) {
  return fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength })
}

export function digits(count: number) {
  return stringOf(numerals, count)
}

export function joined(...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  const arbitraries = parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))
  return fc.tuple(...arbitraries).map((texts) => texts.join(''))
}

export const base62 = letters + capitals + numerals
export const hex = `${numerals}abcdef`
export const base64url = `${base62}_-`
