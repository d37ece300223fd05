import { isInherited } from './reserved.ts'
import { camel, wordsOf } from './word-case.ts'

/** PostgreSQL cuts longer identifiers off. */
const longestIdentifier = 63
const given = ['id', 'createdAt', 'updatedAt']
/** Columns that every table of PostgreSQL has; CREATE TABLE refuses another one of that name. */
const systemColumns = ['cmax', 'cmin', 'ctid', 'tableoid', 'xmax', 'xmin']

/** A field's property and column, or why it cannot have the name. */
export type FieldName = { name: string; column: string } | { message: string; hint?: string }

/** Checks `releasedAt`, `released_at` or `released-at`. Reserved words of SQL and JavaScript are fine. */
export function fieldName(text: string): FieldName {
  if (text === '') return { message: 'a name is missing here' }
  if (isInherited(text)) return { message: 'every JavaScript object has this property already' }
  if (!/^[A-Za-z]([_-]?[A-Za-z0-9])*$/.test(text)) {
    return {
      message: 'a name begins with a letter from A to Z and has letters and digits',
      hint: 'Join words as in releasedAt or released_at.',
    }
  }
  const words = wordsOf(text, camel)
  const name = camel(words)
  const column = words.join('_')
  if (given.includes(name)) return { message: `every resource already has ${name}` }
  if (systemColumns.includes(column)) {
    return {
      message: `every PostgreSQL table already has a column ${column}`,
      hint: `Choose another name, for example ${name}Value.`,
    }
  }
  if (name === 'then') {
    return {
      message: 'JavaScript takes an object with a property "then" for a promise',
      hint: 'Choose another name, for example thenAction or nextStep.',
    }
  }
  if (column.length > longestIdentifier) {
    return { message: `the column ${column} would have more than ${longestIdentifier} characters` }
  }
  return { name, column }
}
