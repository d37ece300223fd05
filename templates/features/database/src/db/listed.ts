import { getTableColumns, is, sql } from 'drizzle-orm'
import { type CheckBuilder, check, PgArray, type PgColumn } from 'drizzle-orm/pg-core'

/**
 * A check that a text column, or every element of one, is among its `enum` values. Unlike a type of
 * PostgreSQL's own, the list changes within a transaction and can be taken back.
 */
export function listed(name: string, { table, name: key }: PgColumn): CheckBuilder {
  // What a table hands to its constraints is a copy that has lost the values.
  const column: PgColumn | undefined = getTableColumns(table)[key]
  if (column === undefined) throw new Error(`${name}: ${key} is not a column of the table`)
  const literals = valuesOf(column).map((value) => `'${value.replaceAll("'", "''")}'`)
  const values = sql.raw(literals.join(', '))
  const condition = is(column, PgArray)
    ? sql`${column} <@ array[${values}]::text[]`
    : sql`${column} in (${values})`
  return check(name, condition)
}

/** The `enum` values of a text column, or of the elements of one. */
export function valuesOf(column: PgColumn): readonly string[] {
  return (is(column, PgArray) ? column.baseColumn : column).enumValues ?? []
}
