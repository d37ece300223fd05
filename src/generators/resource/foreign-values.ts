import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { type Code, call, layOut, list, object } from './layout.ts'
import { quoted } from './literal.ts'
import { isOmittable } from './schema-data.ts'

/** What the templates of bodies and answers need: types, JSON Schemas, and how values are converted. */
export function foreignValueData({ pascal }: Names, fields: readonly Field[], isTyped: boolean) {
  const required = fields.filter((field) => !isOmittable(field)).map(({ name }) => quoted(name))
  return {
    types: (isTyped ? fields : []).map(
      (field) => `${field.name}${isOmittable(field) ? '?' : ''}: ${typeOf(field, pascal)}`,
    ),
    properties: fields.map((field) => layOut(`${field.name}: `, jsonSchemaOf(field), ',', 2)),
    required: layOut('required: ', list(required), ',', 2),
    answers: fields.flatMap((field) => answerOf(field)),
    conversions: fields.flatMap((field) => conversionOf(field)),
  }
}

/** The type of a field in JSON. */
export function typeOf(field: Field, pascal: string): string {
  // The table knows these best.
  if (field.type === 'enum' || field.type === 'json') return `${pascal}Row['${field.name}']`
  const { type } = field
  const scalar = /^(int|float)$/.test(type) ? 'number' : type === 'boolean' ? type : 'string'
  return scalar + (field.array ? '[]' : '') + (field.optional ? ' | null' : '')
}

/** The JSON Schema of a field. */
export function jsonSchemaOf({ array, optional, ...field }: Field): Code {
  const scalar = scalarOf(field)
  if (field.type === 'json') return object({ anyOf: list(jsonSchemas(optional)) })
  const schema: Record<string, Code> = array
    ? { type: quoted('array'), items: object(scalar) }
    : scalar
  if (!optional) return object(schema)
  const { type = '', enum: values, ...rest } = schema
  return object({
    type: list([type, quoted('null')]),
    ...(values === undefined ? {} : { enum: list([...valuesOf(field), 'null']) }),
    ...rest,
  })
}

type Scalar = Pick<Field, 'type' | 'length' | 'precision' | 'scale' | 'values'>

function scalarOf(field: Scalar): Record<string, Code> {
  const string = (more: Record<string, Code> = {}) => ({ type: quoted('string'), ...more })
  switch (field.type) {
    case 'string':
      return string({ maxLength: String(field.length) })
    case 'int':
      return { type: quoted('integer'), minimum: '-2147483648', maximum: '2147483647' }
    case 'bigint':
      return string({ pattern: quoted('^-?\\d{1,19}$') })
    case 'float':
      return { type: quoted('number') }
    case 'decimal':
      return string({ pattern: quoted(decimalPattern(field)) })
    case 'boolean':
      return { type: quoted('boolean') }
    case 'date':
      return string({ format: quoted('date') })
    case 'timestamp':
      return string({ format: quoted('date-time') })
    case 'uuid':
      // A format alone would let `urn:uuid:` through.
      return string({ format: quoted('uuid'), maxLength: '36' })
    case 'enum':
      return string({ enum: list(valuesOf(field)) })
    default:
      return string()
  }
}

function valuesOf({ values = [] }: Scalar): readonly string[] {
  return values.map(quoted)
}

/** Null comes first: a validator that coerces would make a list of it. */
function jsonSchemas(optional: boolean): readonly Code[] {
  return [
    ...(optional ? [object({ type: quoted('null') })] : []),
    object({ type: quoted('object'), additionalProperties: 'true' }),
    object({ type: quoted('array'), items: '{}' }),
  ]
}

/** All digits before the point that the column has room for, and at most as many behind it. */
export function decimalPattern({
  precision = 1,
  scale = 0,
}: Pick<Field, 'precision' | 'scale'>): string {
  const more = precision - scale - 1
  const whole = more < 0 ? '0' : `(0|[1-9]\\d{0,${more}})`
  return `^-?${whole}${scale > 0 ? `(\\.\\d{1,${scale}})?` : ''}$`
}

const conversions: { readonly [type: string]: { readonly read: string; readonly write: string } } =
  {
    bigint: { read: 'BigInt', write: 'toString()' },
    timestamp: { read: 'momentOf', write: 'toISOString()' },
  }

/** What a value of JSON becomes where the column holds no JSON. */
function conversionOf({ type, name, array }: Field): readonly string[] {
  const found = conversions[type]
  if (found === undefined) return []
  const convert = array ? `(texts) => texts.map(${found.read})` : found.read
  return [layOut(`${name}: `, call('given', `body.${name}`, convert), ',', 8)]
}

/** The way back. */
function answerOf({ type, name, array, optional }: Field): readonly string[] {
  const found = conversions[type]
  if (found === undefined) return []
  const value = `row.${name}${optional ? '?' : ''}`
  const text = array ? `${value}.map((value) => value.${found.write})` : `${value}.${found.write}`
  return [`${name}: ${text}${optional ? ' ?? null' : ''},`]
}
