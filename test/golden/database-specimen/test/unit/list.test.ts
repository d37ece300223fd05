import { bigint, boolean, integer, PgDialect, pgTable, uuid, varchar } from 'drizzle-orm/pg-core'
import { describe, expect, it, test } from 'vitest'
import { timestamp } from '../../src/db/columns.ts'
import { type ListQuery, listOf, pageLinks } from '../../src/db/list.ts'
import { ValidationError } from '../../src/http/app-error.ts'

const table = pgTable('things', {
  id: uuid('id').primaryKey(),
  name: varchar('name', { length: 40 }).notNull(),
  quantity: integer('quantity').notNull(),
  views: bigint('views', { mode: 'bigint' }).notNull(),
  open: boolean('open').notNull(),
  seenAt: timestamp('seen_at').notNull(),
})
const id = '01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'
const row = {
  id,
  name: 'a',
  views: -9223372036854775808n,
  seenAt: new Date('0031-01-31T09:30:00Z'),
}
const dialect = new PgDialect()

function whereOf(query: object) {
  const { where } = listOf(table, query)
  return where && dialect.sqlToQuery(where)
}

/** The cursor of a page that ends with `row`. */
function cursorOf(sort: string): string {
  return listOf(table, { limit: 1, sort }).page([row, row]).next ?? ''
}

describe('listOf', () => {
  it('lists the newest twenty by default', () => {
    const list = listOf(table, {})
    expect(list.where).toBeUndefined()
    expect(list.limit).toBe(21)
    expect(list.orderBy.map((one) => dialect.sqlToQuery(one).sql)).toEqual(['"things"."id" desc'])
  })

  it('has a next page if the query returns one row more', () => {
    const list = listOf(table, { limit: 2, sort: 'views' })
    expect(list.page([row, row])).toEqual({ rows: [row, row], next: null, limit: 2 })
    const { rows, next } = list.page([row, row, row])
    expect(rows).toHaveLength(2)
    expect(next).toMatch(/^[\w-]+$/)
  })

  test.each([
    ['views', '("things"."views", "things"."id") > ($1, $2)', [row.views, id]],
    ['-name', '("things"."name", "things"."id") < ($1, $2)', ['a', id]],
    ['seenAt', '("things"."seen_at", "things"."id") > ($1, $2)', ['0031-01-31T09:30:00.000Z', id]],
    ['-id', '("things"."id") < ($1)', [id]],
  ])('continues a list sorted by %s behind its cursor', (sort, sql, params) => {
    expect(whereOf({ sort, cursor: cursorOf(sort) })).toMatchObject({ sql, params })
  })

  it('filters by values as they are in JSON', () => {
    const where = whereOf({ open: true, views: '7', seenAt: '2026-01-31T10:30:00+01:00' })
    expect(where?.params).toEqual([true, 7n, '2026-01-31T09:30:00.000Z'])
  })
})

describe('returns 422 for', () => {
  const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
  test.each<[ListQuery & Record<string, unknown>]>([
    [{ sort: 'nothing' }],
    [{ sort: '-name', cursor: cursorOf('name') }],
    [{ cursor: cursorOf('name') }],
    [{ cursor: 'nonsense' }],
    [{ sort: 'name', cursor: cursorOf('name').slice(0, -3) }],
    [{ sort: 'name', cursor: forged('name', 5, id) }],
    [{ sort: 'name', cursor: forged('name', 'a', 'x') }],
    [{ sort: 'name', cursor: forged('name', 'a\0', id) }],
    [{ sort: 'quantity', cursor: forged('quantity', 1.5, id) }],
    [{ sort: 'quantity', cursor: forged('quantity', 2 ** 31, id) }],
    [{ sort: 'views', cursor: forged('views', String(2n ** 63n), id) }],
    [{ views: '1e5' }],
    [{ seenAt: 'yesterday' }],
    [{ nothing: 1 }],
  ])('%j', (query) => {
    expect(() => listOf(table, query)).toThrow(ValidationError)
  })
})

test('links to the first and the next page keep the other parameters', () => {
  const url = '/api/v1/things?limit=5&cursor=abc&name=%C3%A4'
  expect(pageLinks(url, 'next')).toBe(
    '</api/v1/things?limit=5&name=%C3%A4>; rel="first", ' +
      '</api/v1/things?limit=5&name=%C3%A4&cursor=next>; rel="next"',
  )
  expect(pageLinks('/things', null)).toBe('</things>; rel="first"')
})
