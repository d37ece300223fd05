import { getTableColumns, is, sql } from 'drizzle-orm'
import { type CheckBuilder, check, customType, PgArray, type PgColumn } from 'drizzle-orm/pg-core'

/**
 * A moment with milliseconds, the precision of `Date`: with more digits, a cursor would skip rows.
 * Drizzle's own column reads PostgreSQL's text by `new Date`, which takes the year 31 for 2031.
 */
export const timestamp = customType<{ data: Date; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  toDriver: (moment) => moment.toISOString(),
  fromDriver: parseTimestamp,
})

/** When a row was created and last changed. */
export const timestamps = {
  createdAt: timestamp().notNull().default(sql`now()`),
  updatedAt: timestamp().notNull().default(sql`now()`),
}

/**
 * Reads `2026-01-31 09:30:00.5+00`, as PostgreSQL writes it with `datestyle` ISO.
 *
 * @throws {RangeError} for infinity, years BC and years above 9999
 */
function parseTimestamp(text: string): Date {
  const [, day, time, hours, minutes = '00'] =
    /^(\d{4}-\d\d-\d\d) ([\d:.]+)([+-]\d\d)(?::(\d\d))?$/.exec(text) ?? []
  if (day === undefined) throw new RangeError(`The timestamp ${text} isn't in the years 1 to 9999.`)
  return new Date(`${day}T${time}${hours}:${minutes}`)
}

/**
 * A check that a text column, or every element of a text array, is one of its `enum` values. Unlike
 * values of a PostgreSQL enum, these can be removed, and changed inside a transaction.
 */
export function listed(name: string, { table, name: key }: PgColumn): CheckBuilder {
  // Constraints get a copy of the column without its values.
  const column: PgColumn | undefined = getTableColumns(table)[key]
  if (column === undefined) throw new Error(`${name}: the table has no column ${key}.`)
  const literals = enumValuesOf(column).map((value) => `'${value.replaceAll("'", "''")}'`)
  const values = sql.raw(literals.join(', '))
  const condition = is(column, PgArray)
    ? sql`${column} <@ array[${values}]::text[]`
    : sql`${column} in (${values})`
  return check(name, condition)
}

/** The `enum` values of a text column, or of the elements of a text array. */
export function enumValuesOf(column: PgColumn): readonly string[] {
  return (is(column, PgArray) ? column.baseColumn : column).enumValues ?? []
}
