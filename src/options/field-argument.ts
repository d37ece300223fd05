import type { Field, FieldType } from './field.ts'
import { type Part, split } from './field-word.ts'

/** What an argument says about the field. */
export type FieldArgument = Pick<Field, 'length' | 'precision' | 'scale' | 'values'>

export type ArgumentFault = { at: Part; message: string; hint?: string }

/** Where a `string` says no limit. */
const usualLength = 255
/** PostgreSQL's bounds of varchar(n), numeric(p, s) and of an identifier. */
const longestString = 10_485_760
const longestDecimal = 1000

/** True for the types that are followed by an argument, must be or may be. */
export function takesArgument(type: FieldType): 'must' | 'may' | 'never' {
  if (type === 'decimal' || type === 'enum') return 'must'
  return type === 'string' ? 'may' : 'never'
}

/** Reads `120`, `10,2` or `draft,active`; without an argument gives what the type means alone. */
export function readArgument(
  type: FieldType,
  argument: Part | undefined,
  faults: ArgumentFault[],
): FieldArgument {
  if (type === 'string') return readLength(argument, faults)
  if (argument === undefined) return {}
  if (type === 'decimal') return readDecimal(argument, faults)
  return type === 'enum' ? readValues(argument, faults) : {}
}

function readLength(argument: Part | undefined, faults: ArgumentFault[]): FieldArgument {
  if (argument === undefined) return { length: usualLength }
  const length = wholeNumber(argument)
  if (length === undefined || length < 1 || length > longestString) {
    faults.push({ at: argument, message: `a limit is a number from 1 to ${longestString}` })
  }
  return { length: length ?? usualLength }
}

function readDecimal(argument: Part, faults: ArgumentFault[]): FieldArgument {
  const [first = argument, second, third] = split(argument, ',')
  const precision = wholeNumber(first)
  if (precision === undefined || precision < 1 || precision > longestDecimal) {
    faults.push({ at: first, message: `a precision is a number from 1 to ${longestDecimal}` })
  }
  const scale = second === undefined ? undefined : wholeNumber(second)
  if (second === undefined || third !== undefined) {
    faults.push({
      at: argument,
      message: 'a decimal takes two numbers: digits in total, and digits after the point',
      hint: 'For example decimal:10,2.',
    })
  } else if (scale === undefined || scale > (precision ?? longestDecimal)) {
    const most = precision ?? longestDecimal
    faults.push({ at: second, message: `a scale is a number from 0 to the precision, ${most}` })
  }
  return { precision: precision ?? 1, scale: scale ?? 0 }
}

function readValues(argument: Part, faults: ArgumentFault[]): FieldArgument {
  const values = split(argument, ',')
  for (const [index, value] of values.entries()) {
    if (value.text === '') {
      faults.push({ at: value, message: 'a value is missing here' })
    } else if (!/^[A-Za-z0-9_.-]+$/.test(value.text)) {
      faults.push({ at: value, message: 'a value has letters, digits and . _ - only' })
    } else if (value.text.length > 63) {
      faults.push({ at: value, message: 'a value has at most 63 characters' })
    } else if (values.findIndex(({ text }) => text === value.text) < index) {
      faults.push({ at: value, message: `"${value.text}" is repeated` })
    }
  }
  return { values: values.map(({ text }) => text) }
}

function wholeNumber({ text }: Part): number | undefined {
  return /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined
}
