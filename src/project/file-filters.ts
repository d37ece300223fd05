import type { FileFilter, NameTest } from '../model/place.ts'

/**
 * Whether an option of @fastify/autoload leaves out a file of the loaded folder. What cannot be told
 * leaves out nothing.
 *
 * @see https://github.com/fastify/fastify-autoload#global-options
 */
export function leavesOut({ option, test }: FileFilter, name: string): boolean {
  if (test === undefined) return false
  const isBare = option === 'ignorePattern' || option === 'scriptPattern'
  const isMatch = matches(test, isBare ? name : `/${name}`)
  return option.startsWith('ignore') ? isMatch : !isMatch
}

/** Whether @fastify/autoload loads a file for its whole folder. */
export function isIndex(name: string): boolean {
  return /^index\.[cm]?[jt]s$/i.test(name)
}

function matches(test: NameTest, path: string): boolean {
  switch (test.kind) {
    case 'pattern':
      return matchesPattern(test, path)
    case 'includes':
      return path.includes(test.text)
    case 'startsWith':
      return path.startsWith(test.text)
    case 'endsWith':
      return path.endsWith(test.text)
    case 'not':
      return !matches(test.of, path)
    case 'all':
      return test.of.every((one) => matches(one, path))
    case 'any':
      return test.of.some((one) => matches(one, path))
  }
}

/** A pattern that is none would stop the app as well. */
function matchesPattern(
  { source, flags }: Extract<NameTest, { readonly kind: 'pattern' }>,
  path: string,
): boolean {
  try {
    return new RegExp(source, flags).test(path)
  } catch {
    return false
  }
}
