import { getTableColumns, is } from 'drizzle-orm'
import { PgArray, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import { ValidationError } from '../http/app-error.ts'

/** The type in JSON of a column's value. */
type Json<Value> = Value extends bigint | Date
  ? string
  : Value extends (infer Item)[]
    ? Json<Item>[]
    : Value

/** The columns of `Table` for the properties of `Body`, required where these are. */
type Columns<Table extends PgTable, Body> = {
  [Key in keyof Body]: Key extends keyof Table['$inferInsert'] ? Table['$inferInsert'][Key] : never
}

/** A row as it stands in JSON: bigint as text, time as ISO 8601 in UTC. */
export function toJson<Row extends object>(row: Row): { [Key in keyof Row]: Json<Row[Key]> } {
  const entries = Object.entries(row).map(([key, value]) => [key, jsonOf(value)])
  return Object.fromEntries(entries)
}

/**
 * The columns that a valid body means.
 *
 * @throws {ValidationError} when a text is none of the moments or numbers that a column can hold
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
      throw new ValidationError([{ detail: 'is not a possible value', pointer: `#/${key}` }])
    }
    return [key, value]
  })
  return Object.fromEntries(entries)
}

/**
 * The value of a column that stands in JSON or in a query as `json`; `undefined` if it cannot be
 * one. What only PostgreSQL can tell (a range, the form of a decimal) is left to it.
 */
export function fromJson(column: PgColumn, json: unknown): unknown {
  if (is(column, PgArray)) {
    const values = Array.isArray(json)
      ? json.map((one) => fromJson(column.baseColumn, one))
      : [undefined]
    return values.includes(undefined) ? undefined : values
  }
  switch (column.dataType) {
    case 'date':
      return typeof json === 'string' ? momentOf(json) : undefined
    case 'bigint':
      return typeof json === 'string' && /^-?\d{1,19}$/.test(json) ? BigInt(json) : undefined
    case 'number':
      return typeof json === 'number' ? json : undefined
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined
    case 'string':
      return typeof json === 'string' ? json : undefined
    default:
      return json
  }
}

/** Leap seconds are valid in ISO 8601 and unknown to `Date`; an offset may lead out of its years. */
function momentOf(text: string): Date | undefined {
  const moment = new Date(text)
  const year = moment.getUTCFullYear()
  return year >= 1 && year <= 9999 ? moment : undefined
}

/** One value as it stands in JSON. */
export function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  return Array.isArray(value) ? value.map(jsonOf) : value
}
