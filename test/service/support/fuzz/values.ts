import { marker } from '../../../support/problem.ts'
import type { Dice } from './dice.ts'

/** The keywords of JSON Schema that `sample` understands. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  maxLength?: number
}

const formats: Record<string, string> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T09:30:00.5+02:00',
  uuid: '0199c3a4-7b1e-7c55-9d3c-0e6c1f6a2b11',
}

/** A value that a schema accepts. Where any text will do, it contains the marker. */
export function sample(schema: Schema, dice: Dice): unknown {
  if (schema.enum) return dice.pick(schema.enum)
  if (schema.anyOf) return sample(dice.pick(schema.anyOf), dice)
  const type = Array.isArray(schema.type) ? dice.pick(schema.type) : schema.type
  switch (type) {
    case 'string':
      return textFor(schema, dice)
    case 'integer':
    case 'number':
      return (schema.minimum ?? 0) + dice.below(Math.min((schema.maximum ?? 99) + 1, 100))
    case 'boolean':
      return dice.percent(50)
    case 'array':
      return Array.from({ length: dice.below(4) }, () => sample(schema.items ?? {}, dice))
    case 'object':
      return objectFor(schema, dice)
    case 'null':
      return null
    default:
      return { any: marker }
  }
}

function textFor({ format, pattern, maxLength = 60 }: Schema, dice: Dice): string {
  if (format === 'uuid') return `${formats.uuid?.slice(0, -6)}${100_000 + dice.below(1_000)}`
  if (format) return formats[format] ?? marker
  if (pattern) return ['1', '-1.5', '0'].find((it) => new RegExp(pattern).test(it)) ?? marker
  return `${marker}${dice.below(1_000)}`.slice(0, maxLength)
}

function objectFor({ properties = {}, required = [] }: Schema, dice: Dice): object {
  const kept = Object.entries(properties).filter(
    ([name]) => required.includes(name) || dice.percent(60),
  )
  return Object.fromEntries(kept.map(([name, schema]) => [name, sample(schema, dice)]))
}

/** JSON that few schemas accept, or none. */
const oddities = [
  ...['null', 'true', '""', '[]', '{}', '-0', '1e999', '-1e-999', '12345678901234567890', '0.1'],
  ...['"\\u0000"', '"\\ud800"', '"\\udfff\\ud800"', '"é😀"', '"2026-02-30"', '"0000-01-01"'],
  ...['"+275760-09-13T00:00:00Z"', '"9999-12-31T23:59:60Z"', '"2026-01-31T24:00:00Z"', '"NaN"'],
  ...['"9223372036854775808"', '"-9223372036854775809"', '"99999999.99"', '"Infinity"', '"-"'],
  `"${marker}' OR 1=1; --"`,
  `"${marker}\\r\\nx-evil: 1"`,
  `{"__proto__":{"${marker}":1}}`,
  `{"constructor":{"prototype":{"a":"${marker}"}}}`,
  `{"toString":"${marker}","hasOwnProperty":1,"valueOf":null,"toJSON":2}`,
  `"${marker.repeat(600)}"`,
  `[${`"${marker}",`.repeat(200)}1]`,
  `${'['.repeat(40)}${']'.repeat(40)}`,
  `${'['.repeat(45_000)}${']'.repeat(45_000)}`,
  `${'{"a":'.repeat(14_000)}1${'}'.repeat(14_000)}`,
]

/** A strange value, as JSON. */
export function oddity(dice: Dice): string {
  return dice.pick(oddities)
}

/** The text of a body for a schema: often valid, otherwise wrong in one of many ways. */
export function bodyText(schema: Schema, dice: Dice): string {
  const value = sample(schema, dice)
  const text = JSON.stringify(value)
  if (dice.percent(35)) return text
  const names = typeof value === 'object' && value ? Object.keys(schema.properties ?? {}) : []
  if (names.length > 0 && dice.percent(60)) {
    const name = JSON.stringify(dice.percent(90) ? dice.pick(names) : '__proto__')
    const rest = text === '{}' ? '}' : `,${text.slice(1)}`
    return dice.percent(50)
      ? `{${name}:${oddity(dice)}${rest}`
      : `${text.slice(0, -1)}${text === '{}' ? '' : ','}${name}:${oddity(dice)}}`
  }
  return dice.pick([
    () => text.slice(0, dice.below(text.length)),
    () =>
      dice.insertInto(text, dice.pick(['"', '{', ']', ',', '\\', '\u0000', '\ufeff', '//', 'é'])),
    () => oddity(dice),
    () => `\ufeff${text}`,
    () => `${text}${text}`,
    () => `[${text}]`,
    () => text.replaceAll('"', "'"),
    () => `${text}${' '.repeat(110_000)}`,
    () => '',
  ])()
}
