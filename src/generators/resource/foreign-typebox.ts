import type { SchemaStyle } from '../../model/schemas.ts'
import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { decimalPattern, jsonSchemaOf, typeOf } from './foreign-values.ts'
import { type Code, call, layOut, list, object } from './layout.ts'
import { quoted } from './literal.ts'
import { isOmittable } from './schema-data.ts'

type TypeBox = Extract<SchemaStyle, { kind: 'typebox' }>

/** Patterns in place of formats, of which TypeBox's own compiler knows none until they are added. */
const patterns: Readonly<Record<string, string>> = {
  uuid: '^[\\da-fA-F]{8}(-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}$',
  date: '^\\d{4}-\\d\\d-\\d\\d$',
  timestamp: '^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d',
}

/** What the template of the schemas needs where TypeBox writes them. */
export function foreignTypeBoxData(
  { camel, pascal }: Names,
  fields: readonly Field[],
  { isStrict }: TypeBox,
  isTyped: boolean,
) {
  const strict = object({ additionalProperties: 'false' })
  const omittable = fields
    .filter(isOmittable)
    .map(({ name }) => [name, call('Type.Optional', `properties.${name}`)] as const)
  const all =
    omittable.length === 0
      ? 'properties'
      : object({ '...properties': '', ...Object.fromEntries(omittable) })
  return {
    typeBoxId: layOut('', scalarOf({ type: 'uuid' }, isStrict), '', 0),
    typeBoxTime: layOut('', scalarOf({ type: 'timestamp' }, isStrict), '', 0),
    typeBoxNext: isStrict
      ? 'Type.Union([Type.String(), Type.Null()])'
      : layOut(
          isTyped ? 'Type.Unsafe<string | null>' : 'Type.Unsafe',
          unsafe("type: ['string', 'null']"),
          '',
          0,
        ),
    properties: fields.map((field) =>
      layOut(`${field.name}: `, fieldOf(field, pascal, isStrict, isTyped), ',', 2),
    ),
    createSchema: layOut(`export const ${camel}Create = `, call('Type.Object', all, strict), '', 0),
  }
}

function unsafe(keyword: string): string {
  return `({ ${keyword} })`
}

/** Ajv would coerce null to the other type of a union, or the other way round: it gets a list of types. */
function fieldOf(field: Field, pascal: string, isStrict: boolean, isTyped: boolean): Code {
  if (!field.optional) return elementsOf(field, isStrict)
  if (isStrict) return call('Type.Union', list([elementsOf(field, isStrict), call('Type.Null')]))
  const type = isTyped ? `<${typeOf(field, pascal)}>` : ''
  return call(`Type.Unsafe${type}`, jsonSchemaOf(field))
}

function elementsOf(field: Field, isStrict: boolean): Code {
  const scalar = scalarOf(field, isStrict)
  return field.array ? call('Type.Array', scalar) : scalar
}

type Scalar = Pick<Field, 'type'> &
  Partial<Pick<Field, 'length' | 'precision' | 'scale' | 'values'>>

function scalarOf(field: Scalar, isStrict: boolean): Code {
  switch (field.type) {
    case 'string':
      return call('Type.String', object({ maxLength: String(field.length) }))
    case 'int':
      return call('Type.Integer', object({ minimum: '-2147483648', maximum: '2147483647' }))
    case 'bigint':
      return text('^-?\\d{1,19}$')
    case 'float':
      return call('Type.Number')
    case 'decimal':
      return text(decimalPattern(field))
    case 'boolean':
      return call('Type.Boolean')
    case 'date':
    case 'timestamp':
    case 'uuid':
      return isStrict ? text(patterns[field.type] ?? '') : call('Type.String', formatOf(field.type))
    case 'enum':
      return call(
        'Type.Union',
        list((field.values ?? []).map((value) => call('Type.Literal', quoted(value)))),
      )
    case 'json': {
      const record = call('Type.Record', call('Type.String'), call('Type.Unknown'))
      return call('Type.Union', list([record, call('Type.Array', call('Type.Unknown'))]))
    }
    default:
      return call('Type.String')
  }
}

function text(pattern: string): Code {
  return call('Type.String', object({ pattern: quoted(pattern) }))
}

function formatOf(type: 'date' | 'timestamp' | 'uuid'): Code {
  if (type === 'uuid') return object({ format: quoted('uuid'), maxLength: '36' })
  return object({ format: quoted(type === 'date' ? 'date' : 'date-time') })
}
