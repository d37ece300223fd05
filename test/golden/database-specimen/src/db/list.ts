import { and, asc, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { ValidationError } from '../http/app-error.ts'
import { fromJson } from './json-values.ts'
import { decodeCursor, encodeCursor } from './list-cursor.ts'
import { defaultLimit, defaultSort } from './list-query.ts'

/** Which page of a list; every further key is a filter: the column must equal its value. */
export interface ListQuery {
  limit?: number
  /** The property to sort by, behind a `-` to sort downwards. */
  sort?: string
  cursor?: string
}

/** The rows of one page, and the cursor of the next one. */
export interface Page<Row> {
  rows: Row[]
  next: string | null
  limit: number
}

/** The clauses of one page's query. */
export interface List {
  where: SQL | undefined
  orderBy: SQL[]
  /** One more than a page has: the additional row tells that there is a next page. */
  limit: number
  page<Row extends { id: string }>(rows: Row[]): Page<Row>
}

/**
 * Plans one page of a table by keyset, so that a late page costs as much as the first one and rows
 * that come or go meanwhile move no others. The schema of the route says what may be sorted and
 * filtered; the id breaks ties.
 *
 * @throws {ValidationError} when the cursor or a filter cannot be read
 */
export function listOf(table: PgTable & { id: PgColumn }, query: ListQuery): List {
  const { limit = defaultLimit, sort = defaultSort, cursor, ...filters } = query
  const columns: Record<string, PgColumn> = getTableColumns(table)
  const downwards = sort.startsWith('-')
  const key = downwards ? sort.slice(1) : sort
  const column = columns[key]
  if (column === undefined) throw unreadable('sort', 'is not a property to sort by')
  const keys = key === 'id' ? [column] : [column, table.id]
  return {
    where: and(...equalities(columns, filters), after(keys, downwards, sort, cursor)),
    orderBy: keys.map((one) => (downwards ? desc(one) : asc(one))),
    limit: limit + 1,
    page(rows) {
      const page = rows.slice(0, limit)
      const last: (Record<string, unknown> & { id: string }) | undefined = page.at(-1)
      const next = rows.length > limit && last !== undefined
      return {
        rows: page,
        next: next ? encodeCursor({ sort, value: last[key], id: last.id }) : null,
        limit,
      }
    },
  }
}

function equalities(columns: Record<string, PgColumn>, filters: object): SQL[] {
  return Object.entries(filters).map(([key, json]) => {
    const column = columns[key]
    const value = column && fromJson(column, json)
    if (column === undefined || value === undefined) throw unreadable(key, 'is not a value of it')
    return eq(column, value)
  })
}

/** Both keys in one comparison of rows, which an index on them can answer. */
function after(
  keys: PgColumn[],
  downwards: boolean,
  sort: string,
  text: string | undefined,
): SQL | undefined {
  const [column] = keys
  if (text === undefined || column === undefined) return undefined
  const cursor = decodeCursor(text, sort, column)
  if (cursor === undefined) throw unreadable('cursor', 'is not a cursor of this list and order')
  const values = keys.map((key) => sql.param(key === column ? cursor.value : cursor.id, key))
  return sql`(${sql.join(keys, sql`, `)}) ${sql.raw(downwards ? '<' : '>')} (${sql.join(values, sql`, `)})`
}

function unreadable(name: string, detail: string): ValidationError {
  return new ValidationError([{ detail, pointer: `#/${name}`, in: 'query' }])
}
