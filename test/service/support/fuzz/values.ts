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

/** Valid texts of each format. What is accepted must be readable, so the extremes are among them. */
const formats: Record<string, readonly string[]> = {
  date: ['2026-01-31', '2024-02-29', '0001-01-01', '9999-12-31'],
  'date-time': [
    ...['2026-01-31T09:30:00.5+02:00', '2026-06-30T09:30:00Z', '1883-11-18T12:03:58-05:00'],
    ...['0001-01-02T00:00:00Z', '0031-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'],
  ],
}

const uuidStart = '0199c3a4-7b1e-7c55-9d3c-0e6c1f'

const floats = [0.1, -1.5, 5e-324, 1.7976931348623157e308, -9007199254740991]

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
      return numberFor(schema, dice)
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

function numberFor({ type, minimum, maximum }: Schema, dice: Dice): number {
  if (dice.percent(20)) {
    const bounds = [minimum, maximum].filter((bound) => bound !== undefined)
    if (bounds.length > 0) return dice.pick(bounds)
    if (type === 'number') return dice.pick(floats)
  }
  return (minimum ?? 0) + dice.below(Math.min((maximum ?? 99) + 1, 100))
}

function textFor({ format, pattern, maxLength = 60 }: Schema, dice: Dice): string {
  if (format === 'uuid') return `${uuidStart}${100_000 + dice.below(1_000)}`
  const formatted = format && formats[format]
  if (formatted) return dice.pick(formatted)
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
  ...['"infinity"', '"-infinity"', '"0044-03-15 BC"', '"0001-01-01T00:00:00+14:00"'],
  ...['"9999-12-31T23:59:59-12:00"', '"10000-01-01T00:00:00Z"', '"0000-12-31"', '"10000-01-01"'],
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
