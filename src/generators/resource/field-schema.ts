import type { Field } from '../../options/field.ts'
import { type Code, call, object } from './layout.ts'

/** The maximum number of elements of an array. */
const maxItems = 100

/** Types with a function of their own in `src/db/json-types.ts`. */
const shared = new Set(['bigint', 'decimal', 'int', 'date', 'timestamp', 'uuid', 'json'])

function scalarSchema(field: Field): Code {
  switch (field.type) {
    case 'string':
      return call('Type.String', object({ ...minLength(field), maxLength: String(field.length) }))
    case 'text':
      return call('Type.String', ...options(minLength(field)))
    case 'int':
    case 'bigint':
      return call(field.type, ...options(minimum(field)))
    case 'float':
      return call('Type.Number', ...options(minimum(field)))
    case 'boolean':
      return call('Type.Boolean')
    case 'decimal':
      return call(
        'decimal',
        String(field.precision),
        String(field.scale),
        ...options(minimum(field)),
      )
    case 'enum':
      return call('oneOf', `table.${field.name}`)
    default:
      return call(field.type)
  }
}

type Keywords = Readonly<Record<string, Code>>

function options(keywords: Keywords): readonly Code[] {
  return Object.keys(keywords).length === 0 ? [] : [object(keywords)]
}

/** An optional text may be empty, and so may one whose default is. */
function minLength({ optional, array, default: value }: Field): Keywords {
  return !optional && (array || value !== '') ? { minLength: '1' } : {}
}

/** Amounts that are never negative, by the last word of the field's name. */
const amount = /(^|[a-z])(price|quantity|qty|stock|count)$/i

function minimum({ name, array, default: value }: Field): Keywords {
  return amount.test(name) && (array || !value?.startsWith('-')) ? { minimum: '0' } : {}
}

/** The value of the field in JSON, null aside. */
export function valueSchema(field: Field): Code {
  const scalar = scalarSchema(field)
  if (!field.array) return scalar
  return call('Type.Array', scalar, object({ maxItems: String(maxItems) }))
}

/** The field in JSON. */
export function fieldSchema(field: Field): Code {
  return field.optional ? call('nullable', valueSchema(field)) : valueSchema(field)
}

/** The functions of `src/db/json-types.ts` that its schema calls. */
export function schemaImports(field: Field): readonly string[] {
  return [
    ...(shared.has(field.type) ? [field.type] : []),
    ...(field.type === 'enum' ? ['oneOf'] : []),
    ...(field.optional ? ['nullable'] : []),
  ]
}
