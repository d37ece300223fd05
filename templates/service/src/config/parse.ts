import type { TSchema } from 'typebox'
import { Check } from 'typebox/schema'
import type { SettingSchema } from './settings.ts'

const booleans: Record<string, boolean> = { true: true, false: false, 1: true, 0: false }

/**
 * Turns the text of an environment variable into the type of its schema.
 *
 * Integers and numbers are decimal, booleans `true`, `false`, `1` or `0`, lists are separated by
 * commas, and the values of an enum are found whatever their case. Text that does not fit stays
 * text, and `fits` refuses it.
 */
export function parse(schema: SettingSchema, text: string): unknown {
  if (schema.enum) return schema.enum.find((it) => it.toLowerCase() === text.toLowerCase()) ?? text
  switch (schema.type) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
    case 'boolean':
      return booleans[text.toLowerCase()] ?? text
    case 'array':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    default:
      return text
  }
}

/** Whether `value` is what the schema asks for. */
export function fits(schema: SettingSchema, value: unknown): boolean {
  return Check(schema as TSchema, value)
}

/** Says in words which values the schema takes. */
export function expectation(schema: SettingSchema): string {
  if (schema.expected) return schema.expected
  if (schema.enum) return `one of ${schema.enum.join(', ')}`
  switch (schema.type) {
    case 'integer':
      return `a whole number${range(schema)}`
    case 'number':
      return `a number${range(schema)}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list separated by commas'
    default:
      return 'text'
  }
}

function range({ minimum, maximum }: SettingSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  if (minimum !== undefined) return ` of at least ${minimum}`
  return maximum === undefined ? '' : ` of at most ${maximum}`
}
