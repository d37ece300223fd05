import { is, type SQL, sql } from 'drizzle-orm'
import { type CheckBuilder, check, PgArray, type PgColumn } from 'drizzle-orm/pg-core'

/**
 * A check that a text column, or every element of one, is among its `enum` values. Unlike a type of
 * PostgreSQL's own, the list changes within a transaction and can be taken back.
 */
export function listed(name: string, column: PgColumn): CheckBuilder {
  const list = sql.raw(valuesOf(column).map((value) => `'${value.replaceAll("'", "''")}'`).join(', '))
  const condition: SQL = is(column, PgArray)
    ? sql`${column} <@ array[${list}]::text[]`
    : sql`${column} in (${list})`
  return check(name, condition)
}

/** The `enum` values of a text column, or of the elements of one. */
export function valuesOf(column: PgColumn): readonly string[] {
  return (is(column, PgArray) ? column.baseColumn : column).enumValues ?? []
}
