import { UserError } from '../errors.ts'
import type { Field, FieldFault } from './field.ts'
import { parseField } from './field-parse.ts'

export type { Field } from './field.ts'

/**
 * Reads the words of the field grammar.
 * @throws {UserError} with every fault of every word, each with a caret under its place
 */
export function parseFields(words: readonly string[]): readonly Field[] {
  const { fields, faults } = readFields(words)
  if (faults.length === 0) return fields
  throw new UserError({
    code: 'BAD_FIELD',
    // The words stand below a line of their own: a prefix would move them, and not their carets.
    message: [
      faults.length === 1 ? '1 fault in the fields:' : `${faults.length} faults in the fields:`,
      ...faults.map(showFault),
    ].join('\n'),
    hint: 'Write a field as name:type[:argument][:modifier...][=default].',
    exitCode: 2,
  })
}

/** Reads the words and collects all faults, also those between fields. */
export function readFields(words: readonly string[]): { fields: Field[]; faults: FieldFault[] } {
  const fields: Field[] = []
  const faults: FieldFault[] = []
  const columns = new Map<string, string>()
  for (const word of words) {
    const field = parseField(word, faults)
    if (field === undefined) continue
    const twin = columns.get(field.column)
    if (twin === undefined) {
      columns.set(field.column, word)
      fields.push(field)
    } else {
      const end = word.search(/[:=]|$/)
      faults.push({ word, start: 0, end, message: `the column ${field.column} is repeated` })
    }
  }
  return { fields, faults }
}

/** A fault as three lines: the word, a caret line under the place with the message, the hint. */
export function showFault({ word, start, end, message, hint }: FieldFault): string {
  const shown = word.replace(/\p{Cc}/gu, '·')
  const gap = ' '.repeat([...shown.slice(0, start)].length)
  const carets = '^'.repeat(Math.max(1, [...shown.slice(start, end)].length))
  const lines = [`  ${shown}`, `  ${gap}${carets} ${message}`]
  return [...lines, ...(hint === undefined ? [] : [`  ${gap}${hint}`])].join('\n')
}
