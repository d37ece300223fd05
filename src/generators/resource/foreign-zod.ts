import type { SchemaStyle } from '../../model/schemas.ts'
import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { decimalPattern } from './foreign-values.ts'
import { type Call, type Code, call, chain, layOut, list, object } from './layout.ts'
import { quoted } from './literal.ts'
import { isOmittable } from './schema-data.ts'

type Zod = Extract<SchemaStyle, { kind: 'zod' }>

/** What the template of the schemas needs where Zod validates. */
export function foreignZodData({ camel }: Names, fields: readonly Field[], style: Zod) {
  const omittable = fields.filter(isOmittable).map(({ name }) => [name, 'true'] as const)
  const all = call('z.object', 'properties')
  const calls =
    omittable.length === 0 ? [] : [call('partial', object(Object.fromEntries(omittable)))]
  return {
    zodId: layOut('', scalarOf({ type: 'uuid' }, style), '', 0),
    zodTime: layOut('', scalarOf({ type: 'timestamp' }, style), '', 0),
    properties: fields.map((field) => propertyOf(field, style)),
    createSchema: layOut(`export const ${camel}Create = `, chain(all, calls), '', 0),
  }
}

/** The line of a field, or one for each call where Biome would break them. */
function propertyOf(field: Field, style: Zod): string {
  const [head, ...more] = field.array
    ? [call('z.array', scalarOf(field, style))]
    : callsOf(field, style)
  const calls = [...more, ...(field.optional ? [call('nullable')] : [])]
  const line = layOut(`${field.name}: `, chain(head, calls), ',', 2)
  const hasPattern = calls.some(({ callee }) => callee === 'regex')
  const isBroken = calls.length > 1 && (hasPattern || line.includes('\n'))
  if (!isBroken) return line
  const [first, ...others] = [head, ...calls].map((one) => layOut('.', one, '', 4))
  const lines = [`${field.name}: z`, first?.replace('.z.', '.'), ...others]
  return `${lines.join('\n    ')},`
}

type Scalar = Pick<Field, 'type'> &
  Partial<Pick<Field, 'length' | 'precision' | 'scale' | 'values'>>

function scalarOf(field: Scalar, style: Zod): Code {
  const [head, ...calls] = callsOf(field, style)
  return chain(head, calls)
}

/** The function of Zod, and what is called on its result. */
function callsOf(field: Scalar, { version }: Zod): readonly [Call, ...Call[]] {
  const isNew = version.major >= 4
  switch (field.type) {
    case 'string':
      return [call('z.string'), call('max', String(field.length))]
    case 'int':
      return [call('z.number'), call('int'), call('min', '-2147483648'), call('max', '2147483647')]
    case 'bigint':
      return [call('z.string'), call('regex', '/^-?\\d{1,19}$/')]
    case 'float':
      return [call('z.number')]
    case 'decimal':
      return [call('z.string'), call('regex', `/${decimalPattern(field)}/`)]
    case 'boolean':
      return [call('z.boolean')]
    case 'date': {
      if (isNew) return [call('z.iso.date')]
      const isDate = version.minor >= 23 ? call('date') : call('regex', '/^\\d{4}-\\d\\d-\\d\\d$/')
      return [call('z.string'), isDate]
    }
    case 'timestamp': {
      const offset = object({ offset: 'true' })
      return isNew ? [call('z.iso.datetime', offset)] : [call('z.string'), call('datetime', offset)]
    }
    case 'uuid':
      // Any that PostgreSQL takes; in Zod 4 `z.uuid()` asks for a version of the RFC.
      return isNew ? [call('z.guid')] : [call('z.string'), call('uuid')]
    case 'enum':
      return [call('z.enum', list((field.values ?? []).map(quoted)))]
    case 'json': {
      const record = call('z.record', call('z.string'), call('z.unknown'))
      return [call('z.union', list([record, call('z.array', call('z.unknown'))]))]
    }
    default:
      return [call('z.string')]
  }
}
