import { compareNatural } from './collation.ts'
import { compareSpecifiers } from './specifier.ts'

/**
 * Compares specifiers with one as `compareSpecifiers` does. Of two paths the first character in
 * which they differ decides, unless it belongs to a number, and it does so for all that begin as
 * far alike: among thousands of lines the comparisons take the time.
 */
export function comparisonWith(other: string): (specifier: string) => number {
  const isOtherNormal = isNormal(other)
  let beginning: string | undefined
  let result = 0
  return (specifier) => {
    if (!isOtherNormal || !isNormal(specifier)) return compareSpecifiers(specifier, other)
    if (beginning !== undefined && specifier.startsWith(beginning)) return result
    const at = firstDifference(specifier, other)
    const around = specifier.slice(at - 1, at + 1) + other.charAt(at)
    const isDecided = at > 1 && at < specifier.length && !/\d/.test(around)
    if (!isDecided) return compareSpecifiers(specifier, other)
    beginning = specifier.slice(0, at + 1)
    result = compareNatural(specifier.charAt(at), other.charAt(at))
    return result
  }
}

function firstDifference(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}

/** Whether a path goes up at most once, at its start, and has no empty part. */
function isNormal(path: string): boolean {
  const isPath = path.startsWith('./') || path.startsWith('../')
  return isPath && !path.includes('/.') && !path.includes('//')
}
