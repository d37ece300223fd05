import type { Field } from '../../options/field.ts'
import { type Code, call, object } from './layout.ts'

/** Types that have a function of their own in `src/db/json-types.ts`. */
const shared = new Set(['bigint', 'decimal', 'int', 'date', 'timestamp', 'uuid', 'json'])

function scalarSchema(field: Field): Code {
  switch (field.type) {
    case 'string':
      return call('Type.String', object({ maxLength: String(field.length) }))
    case 'text':
      return call('Type.String')
    case 'float':
      return call('Type.Number')
    case 'boolean':
      return call('Type.Boolean')
    case 'decimal':
      return call('decimal', String(field.precision), String(field.scale))
    case 'enum':
      return call('oneOf', `table.${field.name}`)
    default:
      return call(field.type)
  }
}

/** What a value of the field is in JSON, null aside. */
export function valueSchema(field: Field): Code {
  const scalar = scalarSchema(field)
  return field.array ? call('Type.Array', scalar) : scalar
}

/** What the field is in JSON. */
export function fieldSchema(field: Field): Code {
  return field.optional ? call('nullable', valueSchema(field)) : valueSchema(field)
}

/** What is imported for it from `src/db/json-types.ts`. */
export function schemaImports(field: Field): readonly string[] {
  return [
    ...(shared.has(field.type) ? [field.type] : []),
    ...(field.type === 'enum' ? ['oneOf'] : []),
    ...(field.optional ? ['nullable'] : []),
  ]
}
