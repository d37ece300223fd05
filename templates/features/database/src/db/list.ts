import { and, asc, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { type TSchema, Type } from 'typebox'
import { ValidationError } from '../http/app-error.ts'
import { fromJson, jsonOf, nullable } from './json-types.ts'

const defaultLimit = 20
const maxLimit = 100

/** Ids grow with time: newest first. */
const defaultSort = '-id'

/** The longest value that can be sorted by has 650 characters, six bytes each when escaped. */
const maxCursorLength = 6_000

/** The query parameters of every list. `keys` are the properties to sort by; each needs an index. */
export function listQuery(keys: readonly string[]) {
  return {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: maxLimit,
        default: defaultLimit,
        description: 'The maximum number of items on a page.',
      }),
    ),
    sort: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        enum: keys.flatMap((key) => [key, `-${key}`]),
        default: defaultSort,
        description: 'The property to sort by; a minus sorts in descending order.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        maxLength: maxCursorLength,
        description: '`page.next` of the previous page.',
      }),
    ),
  }
}

/** The response of a list of `item`. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    data: Type.Array(item),
    page: Type.Object({
      next: nullable(
        Type.String({ description: 'The cursor of the next page; null on the last page.' }),
      ),
      limit: Type.Integer({ description: 'The maximum number of items on a page.' }),
    }),
  })
}

/** Selects a page of a list. Every other key is a filter: the column must equal its value. */
export interface ListQuery {
  limit?: number
  /** The property to sort by; with a leading `-` in descending order. */
  sort?: string
  cursor?: string
}

/** The rows of one page, and the cursor of the next one. */
export interface Page<Row> {
  rows: Row[]
  next: string | null
  limit: number
}

/** The clauses of a query for one page. */
export interface List {
  where: SQL | undefined
  orderBy: SQL[]
  /** One more than the page holds: the extra row tells that there is a next page. */
  limit: number
  page<Row extends { id: string }>(rows: Row[]): Page<Row>
}

/**
 * Plans one page of a table by keyset: every page costs the same, and rows inserted or deleted in
 * the meantime don't shift the others. The id breaks ties.
 *
 * @throws {ValidationError} when the cursor or a filter can't be read
 */
export function listOf(table: PgTable & { id: PgColumn }, query: ListQuery): List {
  const { limit = defaultLimit, sort = defaultSort, cursor, ...filters } = query
  const columns: Record<string, PgColumn> = getTableColumns(table)
  const isDescending = sort.startsWith('-')
  const key = isDescending ? sort.slice(1) : sort
  const column = columns[key]
  if (column === undefined) throw unreadable('sort', 'is not a property to sort by')
  const names = key === 'id' ? ['id'] : [key, 'id']
  const keys = key === 'id' ? [column] : [column, table.id]
  return {
    where: and(...equalities(columns, filters), after(keys, sort, cursor)),
    orderBy: keys.map((one) => (isDescending ? desc(one) : asc(one))),
    limit: limit + 1,
    page(rows) {
      const page = rows.slice(0, limit)
      const last: Record<string, unknown> | undefined = page.at(-1)
      const isLast = rows.length <= limit || last === undefined
      const values = names.map((name) => jsonOf(last?.[name]))
      return { rows: page, next: isLast ? null : encodeCursor([sort, ...values]), limit }
    },
  }
}

function equalities(columns: Record<string, PgColumn>, filters: object): SQL[] {
  return Object.entries(filters).map(([key, json]) => {
    const column = columns[key]
    const value = column && fromJson(column, json)
    if (column === undefined || value === undefined) throw unreadable(key, 'is out of range')
    return eq(column, value)
  })
}

/** Compares both keys as one row, which an index on them can answer. */
function after(keys: PgColumn[], sort: string, cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined
  const values = decodeCursor(cursor, sort, keys)
  if (values === undefined) throw unreadable('cursor', 'is not a cursor of this list and order')
  const params = keys.map((key, index) => sql.param(values[index], key))
  const operator = sql.raw(sort.startsWith('-') ? '<' : '>')
  return sql`(${sql.join(keys, sql`, `)}) ${operator} (${sql.join(params, sql`, `)})`
}

/** The order of a list and the sort values of a page's last row; opaque, and safe in a URL. */
function encodeCursor(parts: unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The values of a cursor for `keys`; `undefined` if it belongs to another order or is damaged. */
function decodeCursor(text: string, sort: string, keys: PgColumn[]): unknown[] | undefined {
  const parts = parseJson(Buffer.from(text, 'base64url').toString())
  if (!Array.isArray(parts) || parts[0] !== sort) return undefined
  const values = keys.map((key, index) => fromJson(key, parts[index + 1]))
  return values.includes(undefined) ? undefined : values
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreadable(name: string, detail: string): ValidationError {
  return new ValidationError([{ detail, pointer: `#/${name}`, in: 'query' }])
}

/**
 * The `Link` header of a page: `first`, and `next` unless it is the last one (RFC 8288).
 *
 * @param url of the request, from the path on
 */
export function pageLinks(url: string, next: string | null): string {
  const first = link(url, null, 'first')
  return next === null ? first : `${first}, ${link(url, next, 'next')}`
}

function link(url: string, cursor: string | null, relation: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  if (cursor === null) searchParams.delete('cursor')
  else searchParams.set('cursor', cursor)
  const query = searchParams.size > 0 ? `?${searchParams}` : ''
  return `<${pathname}${query}>; rel="${relation}"`
}
