import type { Field } from '../../options/field.ts'
import { isFilter } from '../../options/field-parse.ts'
import { sampleCode } from './field-sample.ts'
import { layOut } from './layout.ts'
import { quoted } from './literal.ts'
import { isOmittable } from './schema-data.ts'

/** What the templates of the tests and the factory need; lists of one where a case may not apply. */
export function testsData(fields: readonly Field[], isPublic: boolean) {
  const first = (fits: (field: Field) => boolean): readonly { name: string }[] =>
    fields.filter(fits).slice(0, 1)
  return {
    factoryImports: fields.some(({ type }) => type === 'uuid')
      ? ["import { randomUUID } from 'node:crypto'"]
      : [],
    counted: fields.some(({ type, unique }) => type !== 'uuid' && (type !== 'enum' || unique)),
    samples: fields.map((field) => layOut(`${field.name}: `, sampleCode(field), ',', 4)),
    isGuarded: !isPublic,
    changed: first(() => true),
    // Without fields, no PATCH has one.
    patchStatus: fields.length > 0 ? 404 : 422,
    unique: first(({ unique }) => unique),
    filtered: first(isFilter),
    required: first((field) => !isOmittable(field)),
    leftOut: fields
      .filter((field) => isOmittable(field) && field.default !== 'now')
      .map((field) => ({ name: field.name, value: defaultInJson(field) }))
      .filter(({ value }) => value.length <= 50)
      .slice(0, 1),
  }
}

/** What a response has where a request said nothing. */
function defaultInJson({ type, array, scale = 0, default: value }: Field): string {
  if (value === undefined) return 'null'
  if (array) return '[]'
  if (/^(int|float|boolean)$/.test(type)) return value
  return type === 'decimal' ? quoted(asStored(value, scale)) : quoted(value)
}

/** A decimal with all its digits behind the point, and no negative zero. */
function asStored(value: string, scale: number): string {
  const [whole = '0', fraction = ''] = value.split('.')
  const padded = scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`
  return /[1-9]/.test(padded) ? padded : padded.replace('-', '')
}
