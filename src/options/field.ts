export const fieldTypes = [
  'string',
  'text',
  'int',
  'bigint',
  'float',
  'decimal',
  'boolean',
  'date',
  'timestamp',
  'uuid',
  'json',
  'enum',
] as const

export type FieldType = (typeof fieldTypes)[number]

export const fieldModifiers = ['optional', 'unique', 'index', 'array'] as const

export type FieldModifier = (typeof fieldModifiers)[number]

/** One field of a resource: plain data, checked. */
export interface Field {
  /** The property: `releasedAt`. */
  readonly name: string
  /** The column, as Drizzle's snake_case casing makes it: `released_at`. */
  readonly column: string
  readonly type: FieldType
  /** The most characters of a `string`. */
  readonly length?: number
  /** All digits of a `decimal`, and those behind the point. */
  readonly precision?: number
  readonly scale?: number
  /** The values of an `enum`. */
  readonly values?: readonly string[]
  readonly optional: boolean
  readonly unique: boolean
  readonly index: boolean
  readonly array: boolean
  /** In canonical writing; `now` for a timestamp, the empty text for an empty array. */
  readonly default?: string
  /** The canonical writing of the whole field, the same for equal fields. */
  readonly spelling: string
}

/** What is wrong with a field, and where in its word. */
export interface FieldFault {
  /** The word as it was given. */
  readonly word: string
  /** Half-open range of UTF-16 units in `word`; empty where something is missing. */
  readonly start: number
  readonly end: number
  readonly message: string
  readonly hint?: string
}
