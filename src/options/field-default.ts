import type { Field } from './field.ts'

/** A default in canonical writing, or why it cannot be one. */
export type DefaultResult = { value: string } | { message: string; hint?: string }

type Kind = Pick<Field, 'type' | 'array' | 'length' | 'precision' | 'scale' | 'values'>

/** Checks that a default fits the field's type, limits and values. */
export function readDefault(text: string, field: Kind): DefaultResult {
  if (field.array) {
    const empty = text === '' || text === '[]'
    return empty ? { value: '' } : { message: 'the only default of an array is the empty one' }
  }
  switch (field.type) {
    case 'string':
    case 'text':
      return characters(text, field.length)
    case 'int':
      return integer(text, -(2n ** 31n), 2n ** 31n - 1n)
    case 'bigint':
      return integer(text, -(2n ** 63n), 2n ** 63n - 1n)
    case 'float':
      return float(text)
    case 'decimal':
      return decimal(text, field.precision ?? 0, field.scale ?? 0)
    case 'boolean':
      return /^(true|false)$/.test(text) ? { value: text } : { message: 'it is true or false' }
    case 'date':
      return isDate(text) ? { value: text } : { message: 'a date is written as in 2026-01-31' }
    case 'timestamp':
      return timestamp(text)
    case 'uuid':
      return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
        ? { value: text.toLowerCase() }
        : { message: 'a uuid is written as in 01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11' }
    case 'enum':
      return field.values?.includes(text)
        ? { value: text }
        : { message: `it is one of ${field.values?.join(', ')}` }
    case 'json':
      return { message: 'a json field takes no default' }
  }
}

function characters(text: string, limit = Number.POSITIVE_INFINITY): DefaultResult {
  if (/\p{Cc}|\p{Cs}/u.test(text)) return { message: 'it contains a control character' }
  const count = [...text].length
  return count > limit
    ? { message: `it has ${count} characters; the limit is ${limit}` }
    : { value: text }
}

function integer(text: string, least: bigint, most: bigint): DefaultResult {
  const value = /^-?\d{1,40}$/.test(text) ? BigInt(text) : undefined
  return value === undefined || value < least || value > most
    ? { message: `it is a whole number from ${least} to ${most}` }
    : { value: String(value) }
}

function float(text: string): DefaultResult {
  const value = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) return { message: 'it is a number' }
  return { value: String(value).replace('e+', 'e') }
}

function decimal(text: string, precision: number, scale: number): DefaultResult {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d*?)(?:\.(\d+))?$/.exec(text) ?? []
  const number = /^-?\d+(\.\d+)?$/.test(text)
  return !number || whole.length > precision - scale || fraction.length > scale
    ? { message: `it is a number with at most ${digits(precision, scale)}` }
    : { value: `${sign}${whole || '0'}${fraction && `.${fraction}`}` }
}

function digits(precision: number, scale: number): string {
  return `${precision - scale} digits before the point and ${scale} after it`
}

function timestamp(text: string): DefaultResult {
  if (text === 'now') return { value: text }
  const shape = /^(\d{4}-\d\d-\d\d)T\d\d:[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]\d\d:[0-5]\d)$/
  const [, day = ''] = shape.exec(text) ?? []
  const time = isDate(day) ? new Date(text) : undefined
  return time === undefined || Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999
    ? { message: 'it is now, or a time as in 2026-01-31T09:30:00Z' }
    : { value: time.toISOString() }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return false
  const time = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text)
}
