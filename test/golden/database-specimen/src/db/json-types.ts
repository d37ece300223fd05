import { getTableColumns, is } from 'drizzle-orm'
import { PgArray, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import { type Static, type TSchema, Type } from 'typebox'
import { ValidationError } from '../http/app-error.ts'
import { enumValuesOf } from './columns.ts'

/** Whether a number may be negative. */
type Bounds = { minimum?: 0 }

/** A 32-bit integer. */
export function int({ minimum }: Bounds = {}) {
  return Type.Integer({ minimum: minimum ?? -2_147_483_648, maximum: 2_147_483_647 })
}

/** A 64-bit integer as text: JSON numbers are exact up to 2^53 only. */
export function bigint(bounds: Bounds = {}) {
  return Type.String({ pattern: `^${sign(bounds)}\\d{1,19}$`, examples: ['9007199254740993'] })
}

/** An exact number as text, with at most `scale` digits after the point. */
export function decimal(precision: number, scale: number, bounds: Bounds = {}) {
  const more = precision - scale - 1
  const whole = more < 0 ? '0' : `(0|[1-9]\\d{0,${more}})`
  const fraction = scale > 0 ? `(\\.\\d{1,${scale}})?` : ''
  return Type.String({ pattern: `^${sign(bounds)}${whole}${fraction}$` })
}

function sign({ minimum }: Bounds): string {
  return minimum === 0 ? '' : '-?'
}

/** A calendar day, `2026-01-31`. */
export function date() {
  return Type.String({ format: 'date' })
}

/** A moment, `2026-01-31T09:30:00Z` (RFC 3339); in responses in UTC, with milliseconds. */
export function timestamp() {
  return Type.String({ format: 'date-time' })
}

/** The format alone would accept `urn:uuid:`, which PostgreSQL doesn't. */
export function uuid() {
  return Type.String({ format: 'uuid', maxLength: 36 })
}

/** An object or an array: a bare `null` couldn't be told from a missing value. */
export type Json = Record<string, unknown> | unknown[]

/** A value of type `Json`. A `Type.Record` would lose properties with a line break in their name. */
export function json() {
  return Type.Unsafe<Json>({
    anyOf: [
      { type: 'object', additionalProperties: true },
      { type: 'array', items: {} },
    ],
  })
}

type Element<Value> = Value extends (infer Item)[] ? Item : Value

/** One of the `enum` values of a column, or of the elements of an array column. */
export function oneOf<Column extends PgColumn>(column: Column) {
  return Type.Unsafe<Element<Column['_']['data']>>({ type: 'string', enum: enumValuesOf(column) })
}

type Keywords = { type?: string | string[]; enum?: unknown[]; anyOf?: unknown[] }

/** The schema, or null. Unlike a union, it reports one fault rather than three. */
export function nullable<Schema extends TSchema>(schema: Schema) {
  const { type, enum: values, anyOf, ...rest }: TSchema & Keywords = schema
  return Type.Unsafe<Static<Schema> | null>({
    ...rest,
    ...(type && { type: [type, 'null'].flat() }),
    ...(values && { enum: [...values, null] }),
    ...(anyOf && { anyOf: [...anyOf, Type.Null()] }),
  })
}

/** A reference to a schema by its `$id`, so that the documentation describes it once. */
export function refer<Schema extends TSchema & { $id?: string }>({ $id = '' }: Schema) {
  return Type.Unsafe<Static<Schema>>(Type.Ref($id))
}

/** The JSON type of a column's value. */
type InJson<Value> = Value extends bigint | Date
  ? string
  : Value extends (infer Item)[]
    ? InJson<Item>[]
    : Value

/** A row as JSON: bigints as text, moments as ISO 8601 in UTC. */
export function toJson<Row extends object>(row: Row): { [Key in keyof Row]: InJson<Row[Key]> } {
  const entries = Object.entries(row).map(([key, value]) => [key, jsonOf(value)])
  return Object.fromEntries(entries)
}

/** One value of a row as JSON. */
export function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  return Array.isArray(value) ? value.map(jsonOf) : value
}

/** The columns of `Table` for the properties of `Body`, required where these are. */
type Columns<Table extends PgTable, Body> = {
  [Key in keyof Body]: Key extends keyof Table['$inferInsert'] ? Table['$inferInsert'][Key] : never
}

/**
 * The column values of a validated body.
 *
 * @throws {ValidationError} for values that fit the schema but that the column can't hold
 */
export function fromBody<Table extends PgTable, Body extends object>(
  table: Table,
  body: Body,
): Columns<Table, Body> {
  const columns: Record<string, PgColumn> = getTableColumns(table)
  const entries = Object.entries(body).map(([key, json]) => {
    const column = columns[key]
    const value = column && (json === null ? null : fromJson(column, json))
    if (value === undefined) {
      throw new ValidationError([{ detail: 'is out of range', pointer: `#/${key}` }])
    }
    return [key, value]
  })
  return Object.fromEntries(entries)
}

/** How columns read JSON of the right type, by their SQL type; `undefined` for what doesn't fit. */
const readers: Record<string, (json: unknown) => unknown> = {
  bigint: readBigint,
  // JavaScript takes February 30 for March 2.
  date: (json) =>
    readMoment(`${json}T00:00:00Z`)?.toISOString().startsWith(`${json}`) ? json : undefined,
  integer: (json) => (json === (Number(json) | 0) ? json : undefined),
  numeric: (json) => (/^-?\d+(\.\d+)?$/.test(`${json}`) ? json : undefined),
  timestamp: readMoment,
  uuid: (json) => (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(`${json}`) ? json : undefined),
}

/**
 * The column value of `json`, a property of a body, a filter or a part of a cursor; `undefined` if
 * the column can't hold it, or would give back something else.
 */
export function fromJson(column: PgColumn, json: unknown): unknown {
  if (is(column, PgArray)) {
    if (!Array.isArray(json)) return undefined
    const values = json.map((one) => fromJson(column.baseColumn, one))
    return values.includes(undefined) ? undefined : values
  }
  const { dataType } = column
  const jsonType = dataType === 'boolean' || dataType === 'number' ? dataType : 'string'
  if (!isStorable(json) || (dataType !== 'json' && typeof json !== jsonType)) return undefined
  const read = readers[/^\w*/.exec(column.getSQLType())?.[0] ?? '']
  return read ? read(json) : json
}

/** Not with NUL characters, nor with `1e400`, which `JSON.parse` reads as infinity. */
function isStorable(json: unknown): boolean {
  if (typeof json === 'string') return !json.includes('\0')
  if (typeof json === 'number') return Number.isFinite(json)
  if (typeof json !== 'object' || json === null) return true
  return Object.entries(json).every(([key, value]) => isStorable(key) && isStorable(value))
}

function readBigint(json: unknown): bigint | undefined {
  const value = /^-?\d{1,19}$/.test(`${json}`) ? BigInt(`${json}`) : undefined
  return value === BigInt.asIntN(64, value ?? 0n) ? value : undefined
}

/** Not a leap second, which `Date` doesn't know, nor a year that isn't 1 to 9999 in UTC. */
function readMoment(json: unknown): Date | undefined {
  const text = `${json}`.toUpperCase()
  const moment = new Date(text)
  const isExact = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
  const year = moment.getUTCFullYear()
  return isExact && year >= 1 && year <= 9999 ? moment : undefined
}
