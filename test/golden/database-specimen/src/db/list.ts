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
  const orders = keys.flatMap((key) => [key, `-${key}`])
  return {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxLimit, default: defaultLimit })),
    sort: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        enum: orders,
        default: defaultSort,
        description: 'A minus sorts in descending order.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({ maxLength: maxCursorLength, description: '`page.next` of the previous page.' }),
    ),
  }
}

/** The response of a list of `item`. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    data: Type.Array(item),
    page: Type.Object({
      next: nullable(Type.String({ description: 'The cursor of the next page, if there is one.' })),
      limit: Type.Integer(),
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

/**
 * The clauses of a query for one page, by keyset: every page costs the same, and rows inserted or
 * deleted in the meantime don't shift the others. The id breaks ties. The query asks for one row
 * more than the page holds; `page` turns the rows into the page and the cursor of the next one.
 *
 * @throws {ValidationError} when the cursor or a filter can't be read
 */
export function listOf(table: PgTable & { id: PgColumn }, query: ListQuery) {
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
    page<Row extends Record<string, unknown>>(rows: Row[]) {
      const page = rows.slice(0, limit)
      const last = rows.length > limit ? page.at(-1) : undefined
      const next = last ? encode([sort, ...names.map((name) => jsonOf(last[name]))]) : null
      return { rows: page, next, limit }
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
  const values = decode(cursor, sort, keys)
  if (values === undefined) throw unreadable('cursor', 'is not a cursor of this list and order')
  const params = keys.map((key, index) => sql.param(values[index], key))
  const operator = sql.raw(sort.startsWith('-') ? '<' : '>')
  return sql`(${sql.join(keys, sql`, `)}) ${operator} (${sql.join(params, sql`, `)})`
}

/** A cursor has the order and the sort values of a page's last row; opaque, and safe in a URL. */
function encode(cursor: unknown[]): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

/** The values of a cursor for `keys`; `undefined` if it belongs to another order or is damaged. */
function decode(cursor: string, sort: string, keys: PgColumn[]): unknown[] | undefined {
  try {
    const [order, ...json] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const values = keys.map((key, index) => fromJson(key, json[index]))
    return order !== sort || values.includes(undefined) ? undefined : values
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
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const link = (relation: string) => {
    const query = searchParams.size > 0 ? `?${searchParams}` : ''
    return `<${pathname}${query}>; rel="${relation}"`
  }
  searchParams.delete('cursor')
  const first = link('first')
  if (next === null) return first
  searchParams.set('cursor', next)
  return `${first}, ${link('next')}`
}
