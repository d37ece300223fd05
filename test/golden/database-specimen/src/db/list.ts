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
      Type.Enum(orders, {
        type: 'string',
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
  const names = [...new Set([isDescending ? sort.slice(1) : sort, 'id'])]
  const keys = names.map((name) => columns[name] ?? refuse('sort', 'is not a property to sort by'))
  const equalities = Object.entries(filters).map(([name, json]) => {
    const column = columns[name]
    const value = column && fromJson(column, json)
    return column && value !== undefined ? eq(column, value) : refuse(name, 'is out of range')
  })
  return {
    where: and(...equalities, cursor === undefined ? undefined : after(keys, sort, cursor)),
    orderBy: keys.map((key) => (isDescending ? desc(key) : asc(key))),
    limit: limit + 1,
    page<Row extends Record<string, unknown>>(rows: Row[]) {
      const page = rows.slice(0, limit)
      const last = rows.length > limit ? page.at(-1) : undefined
      // A cursor has the order and the sort values of a page's last row; opaque, and safe in a URL.
      const cursor = last && JSON.stringify([sort, ...names.map((name) => jsonOf(last[name]))])
      const next = cursor ? Buffer.from(cursor).toString('base64url') : null
      return { rows: page, next, limit }
    },
  }
}

/** Compares both keys as one row, which an index on them can answer. */
function after(keys: PgColumn[], sort: string, cursor: string): SQL {
  const [order, ...json] = decode(cursor)
  const values = keys.map((key, index) => fromJson(key, json[index]))
  if (order !== sort || values.includes(undefined)) {
    refuse('cursor', 'is not a cursor of this list and order')
  }
  const params = keys.map((key, index) => sql.param(values[index], key))
  const operator = sql.raw(sort.startsWith('-') ? '<' : '>')
  return sql`(${sql.join(keys, sql`, `)}) ${operator} (${sql.join(params, sql`, `)})`
}

/** The contents of a cursor; none if it is damaged. */
function decode(cursor: string): unknown[] {
  try {
    const contents = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(contents) ? contents : []
  } catch {
    return []
  }
}

function refuse(name: string, detail: string): never {
  throw new ValidationError([{ detail, pointer: `#/${name}`, in: 'query' }])
}

/**
 * The `Link` header of a page: `first`, and `next` unless it is the last one (RFC 8288).
 *
 * @param url of the request, from the path on
 */
export function pageLinks(url: string, next: string | null): string {
  const link = new URL(url, 'http://localhost')
  link.searchParams.delete('cursor')
  const first = `<${link.pathname}${link.search}>; rel="first"`
  if (next === null) return first
  link.searchParams.set('cursor', next)
  return `${first}, <${link.pathname}${link.search}>; rel="next"`
}
