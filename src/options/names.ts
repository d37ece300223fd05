import { usageError } from '../errors.ts'
import { plural } from './plural.ts'
import { isInherited, reservedBecause } from './reserved.ts'
import { singular } from './singular.ts'
import { camel, pascal, wordsOf } from './word-case.ts'

/** Every spelling of one resource's name. */
export interface Names {
  /** `UserProfile` */
  readonly pascal: string
  /** `userProfile` */
  readonly camel: string
  /** `user-profile` */
  readonly kebab: string
  /** `user_profile` */
  readonly snake: string
  /** `User profile` */
  readonly title: string
  /** `user profile` */
  readonly phrase: string
  readonly pascalPlural: string
  readonly camelPlural: string
  readonly kebabPlural: string
  readonly snakePlural: string
  readonly titlePlural: string
  readonly phrasePlural: string
}

export const longestName = 40

/**
 * Every spelling of a name given as `UserProfile`, `user_profile`, `user-profile` or `userProfile`.
 * All spellings of one name give the same result.
 * @param pluralWord what `--plural` says, in any of these spellings
 * @throws {UserError} when the name cannot be used in code, paths and SQL alike
 */
export function namesOf(name: string, pluralWord?: string): Names {
  const words = checkedWords(name, 'name')
  const last = words.at(-1) ?? ''
  const many =
    pluralWord === undefined
      ? wordsOf([...words.slice(0, -1), plural(last)].join('_'))
      : checkedWords(pluralWord, 'plural')
  refuseReserved(pascal(words))
  refuseReserved(camel(many))
  return {
    pascal: pascal(words),
    camel: camel(words),
    kebab: words.join('-'),
    snake: words.join('_'),
    title: title(words),
    phrase: words.join(' '),
    pascalPlural: pascal(many),
    camelPlural: camel(many),
    kebabPlural: many.join('-'),
    snakePlural: many.join('_'),
    titlePlural: title(many),
    phrasePlural: many.join(' '),
  }
}

/**
 * A name in kebab-case, whatever its plural may be.
 * @throws {UserError} when the name is malformed
 */
export function kebabOf(name: string): string {
  return checkedWords(name, 'name').join('-')
}

/**
 * The singular of a name whose last word is a plural, in PascalCase: `OrderItem` of `order_items`.
 * Undefined where the name is singular.
 * @throws {UserError} when the name is malformed
 */
export function singularName(name: string): string | undefined {
  const words = checkedWords(name, 'name')
  const last = words.at(-1) ?? ''
  const one = singular(last)
  return one === last ? undefined : pascal(wordsOf([...words.slice(0, -1), one].join('_')))
}

function title(words: readonly string[]): string {
  const phrase = words.join(' ')
  return phrase.charAt(0).toUpperCase() + phrase.slice(1)
}

/** @throws {UserError} when `text` is not a plain word, or several joined by `_`, `-` or capitals */
function checkedWords(text: string, what: 'name' | 'plural'): string[] {
  const fault = malformed(text)
  if (fault !== undefined) {
    throw usageError(
      `${JSON.stringify(text)} can't be a ${what}: ${fault}.`,
      'Write it as in Product, UserProfile, order_item or order-item.',
    )
  }
  return wordsOf(text)
}

function refuseReserved(name: string): void {
  const reason = reservedBecause(name)
  if (reason === undefined) return
  throw usageError(
    `"${name}" ${reason}.`,
    `Choose another name, for example ${name}Item, or another plural with --plural.`,
  )
}

/** What keeps a text from being split into words, or `undefined`. */
export function malformed(text: string): string | undefined {
  if (text === '') return 'it is empty'
  if (/[/\\]/.test(text)) return 'it contains a path separator'
  if (isInherited(text)) return 'it is a property of every JavaScript object'
  const odd = /[^A-Za-z0-9_-]/u.exec(text)
  if (odd) return `${JSON.stringify(odd[0])} is neither a letter from A to Z nor a digit`
  if (!/^[A-Za-z]/.test(text)) return "it doesn't begin with a letter"
  if (/[_-]{2}|[_-]$/.test(text)) return 'a separator must stand between two words'
  // Measured as its files are called, so that every spelling of a name is as long.
  if (wordsOf(text).join('-').length > longestName) {
    return `it has more than ${longestName} characters`
  }
  return undefined
}
