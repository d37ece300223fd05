import {
  type Field,
  type FieldFault,
  type FieldModifier,
  type FieldType,
  fieldModifiers,
  fieldTypes,
} from './field.ts'
import {
  type ArgumentFault,
  type FieldArgument,
  readArgument,
  takesArgument,
} from './field-argument.ts'
import { readDefault } from './field-default.ts'
import { fieldName } from './field-name.ts'
import { spellField } from './field-spelling.ts'
import { nearestWord } from './field-synonyms.ts'
import { type FieldParts, type Part, takeApart } from './field-word.ts'

/** A B-tree entry of PostgreSQL, on its pages of 8 KB; a character takes up to four bytes. */
const maxIndexBytes = 2704
const maxIndexedLength = 650

/** Query parameters that every list has. */
const listParameters = ['limit', 'cursor', 'sort']

/** Reads one word such as `sku:string:40:unique`; every fault of it goes to `faults`. */
export function parseField(word: string, faults: FieldFault[]): Field | undefined {
  const before = faults.length
  const parts = takeApart(word)
  if ('message' in parts) {
    faults.push(parts)
    return undefined
  }
  const report = ({ at, ...fault }: ArgumentFault): void => {
    faults.push({ word, start: at.start, end: at.end, ...fault })
  }
  const named = fieldName(parts.name.text)
  if ('message' in named) report({ at: parts.name, ...named })
  const type = typeOf(parts, report)
  if (type === undefined) return undefined
  const { argument, modifiers } = readRest(type, parts, report)
  const kind = { type, ...argument, ...flags(modifiers) }
  const value = parts.default && readDefault(parts.default.text, kind)
  if (value && 'message' in value) report({ at: parts.default ?? parts.name, ...value })
  const unfit = parts.rest.find(({ text }) => /^(unique|index)$/.test(text))
  if (unfit && faults.length === before && !fitsIndex(kind)) {
    report({
      at: unfit,
      message: `an index entry has at most ${maxIndexBytes} bytes, which is ${maxIndexedLength} characters`,
      hint: `Write string:${maxIndexedLength}:${unfit.text}, or leave ${unfit.text} out.`,
    })
  }
  if ('message' in named || faults.length > before) return undefined
  if (isFilter(kind) && listParameters.includes(named.name)) {
    report({
      at: parts.name,
      message: `lists couldn't be filtered by it: ${named.name} is a parameter of every list`,
      hint: 'Choose another name, or leave out index and unique.',
    })
    return undefined
  }
  const field = { ...named, ...kind, ...(value && 'value' in value && { default: value.value }) }
  return { ...field, spelling: spellField(field) }
}

type Report = (fault: ArgumentFault) => void

function typeOf({ name, type }: FieldParts, report: Report): FieldType | undefined {
  const known = fieldTypes.find((candidate) => candidate === type?.text)
  if (known !== undefined) return known
  if (type === undefined || type.text === '') {
    const at = type ?? { text: '', start: name.end, end: name.end }
    report({ at, message: 'a type is missing here', hint: `Types: ${fieldTypes.join(', ')}.` })
  } else if (type.text === 'references') {
    report({
      at: type,
      message: "references aren't available in this version",
      hint: `Use ${name.text || 'category'}Id:uuid:index, and add the foreign key in a migration.`,
    })
  } else {
    const near = nearestWord(type.text, [...fieldTypes, 'references'])
    report({
      at: type,
      message: unknown('type', type.text, near),
      hint: `Types: ${fieldTypes.join(', ')}.`,
    })
  }
  return undefined
}

function unknown(what: string, text: string, near: string | undefined): string {
  return `unknown ${what} "${text}"${near === undefined ? '' : `; did you mean ${near}?`}`
}

/** Tells the argument behind a type from its modifiers. */
function readRest(
  type: FieldType,
  parts: FieldParts,
  report: Report,
): { argument: FieldArgument; modifiers: FieldModifier[] } {
  const faults: ArgumentFault[] = []
  const rest = [...parts.rest]
  const takes = takesArgument(type)
  let argument = parts.argument
  if (takes !== 'never' && argument === undefined) {
    const place = rest.findIndex(
      ({ text }) => !fieldModifiers.some((modifier) => modifier === text),
    )
    const next = rest[place]
    if (place === 0 && next && (takes === 'must' || /^\d|^$|^-/.test(next.text))) {
      argument = next
      rest.shift()
    }
  }
  if (takes === 'must' && argument === undefined) {
    report(missing(type, parts.type ?? parts.name))
  } else if (takes === 'never' && argument !== undefined) {
    report({ at: argument, message: `${type} takes no argument` })
  }
  const read = readArgument(type, argument, faults)
  const modifiers = readModifiers(type, rest, report)
  for (const fault of faults) report(fault)
  return { argument: read, modifiers }
}

function missing(type: FieldType, at: Part): ArgumentFault {
  const example = type === 'enum' ? 'enum:draft,active' : 'decimal:10,2'
  return { at, message: `${type} needs an argument`, hint: `For example ${example}.` }
}

function readModifiers(type: FieldType, rest: readonly Part[], report: Report): FieldModifier[] {
  const seen: FieldModifier[] = []
  for (const at of rest) {
    const modifier = fieldModifiers.find((candidate) => candidate === at.text)
    if (at.text === '') report({ at, message: 'a modifier is missing here' })
    else if (modifier === undefined) {
      const near = nearestWord(at.text, fieldModifiers)
      const hint = `Modifiers: ${fieldModifiers.join(', ')}.`
      report({ at, message: unknown('modifier', at.text, near), hint })
    } else if (seen.includes(modifier)) report({ at, message: `${modifier} is repeated` })
    else seen.push(modifier)
    const clash = modifier && clashOf(type, modifier, rest)
    if (clash) report({ at, message: clash })
  }
  return seen
}

function clashOf(
  type: FieldType,
  modifier: FieldModifier,
  rest: readonly Part[],
): string | undefined {
  if (modifier === 'optional') return undefined
  if (type === 'json') return `a json field takes no ${modifier}`
  const array = rest.some(({ text }) => text === 'array')
  return array && modifier !== 'array' ? `an array takes no ${modifier}` : undefined
}

function flags(modifiers: readonly FieldModifier[]): Record<FieldModifier, boolean> {
  const has = (modifier: FieldModifier): boolean => modifiers.includes(modifier)
  const unique = has('unique')
  // A unique constraint is an index already.
  return { optional: has('optional'), unique, index: has('index') && !unique, array: has('array') }
}

/** Whether an index on the field holds each of its values. */
function fitsIndex({ type, length = 0 }: Pick<Field, 'type' | 'length'>): boolean {
  return type !== 'text' && length <= maxIndexedLength
}

/** Whether lists take `?name=value`. */
export function isFilter(field: Pick<Field, 'type' | 'array' | 'unique' | 'index'>): boolean {
  if (field.array) return false
  return field.type === 'enum' || field.type === 'boolean' || field.unique || field.index
}
