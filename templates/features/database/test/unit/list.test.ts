import { bigint, boolean, PgDialect, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'
import { describe, expect, it, test } from 'vitest'
import { type ListQuery, listOf } from '../../src/db/list.ts'
import { decodeCursor, encodeCursor } from '../../src/db/list-cursor.ts'
import { pageLinks } from '../../src/db/list-links.ts'
import { ValidationError } from '../../src/http/app-error.ts'

const table = pgTable('things', {
  id: uuid('id').primaryKey(),
  name: varchar('name', { length: 40 }).notNull(),
  views: bigint('views', { mode: 'bigint' }).notNull(),
  open: boolean('open').notNull(),
  seenAt: timestamp('seen_at', { precision: 3, withTimezone: true }).notNull(),
})
const row = { id: '01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11', name: 'a', views: 5n }
const dialect = new PgDialect()

function whereOf(query: object) {
  const { where } = listOf(table, query)
  return where && dialect.sqlToQuery(where)
}

describe('a page', () => {
  it('is the newest twenty without any parameter', () => {
    const list = listOf(table, {})
    expect(list.where).toBeUndefined()
    expect(list.limit).toBe(21)
    expect(list.orderBy.map((one) => dialect.sqlToQuery(one).sql)).toEqual(['"things"."id" desc'])
  })

  it('has a next one if there is one row more', () => {
    const list = listOf(table, { limit: 2, sort: 'views' })
    expect(list.page([row, row])).toEqual({ rows: [row, row], next: null, limit: 2 })
    const { rows, next } = list.page([row, row, row])
    expect(rows).toHaveLength(2)
    expect(whereOf({ sort: 'views', cursor: next })).toMatchObject({
      sql: '("things"."views", "things"."id") > ($1, $2)',
      params: [5n, row.id],
    })
  })

  it('goes downwards behind a minus', () => {
    const { next } = listOf(table, { limit: 1, sort: '-name' }).page([row, row])
    const where = whereOf({ sort: '-name', cursor: next })
    expect(where?.sql).toBe('("things"."name", "things"."id") < ($1, $2)')
  })

  it('is filtered by values in the form of JSON', () => {
    const where = whereOf({ open: true, views: '7', seenAt: '2026-01-31T10:30:00+01:00' })
    expect(where?.params).toEqual([true, 7n, '2026-01-31T09:30:00.000Z'])
  })
})

describe('what cannot be read is a validation error', () => {
  const cursor = encodeCursor({ sort: 'name', value: 'a', id: row.id })
  test.each<[ListQuery & Record<string, unknown>]>([
    [{ sort: 'nothing' }],
    [{ sort: '-name', cursor }],
    [{ cursor }],
    [{ cursor: 'nonsense' }],
    [{ sort: 'name', cursor: cursor.slice(0, -3) }],
    [{ sort: 'name', cursor: Buffer.from('["name",5,"x"]').toString('base64url') }],
    [{ sort: 'name', cursor: Buffer.from('{"sort":"name"}').toString('base64url') }],
    [{ views: '1e5' }],
    [{ seenAt: 'yesterday' }],
    [{ nothing: 1 }],
  ])('%j', (query) => {
    expect(() => listOf(table, query)).toThrow(ValidationError)
  })
})

test('a cursor keeps times and big numbers', () => {
  for (const [column, value] of [
    [table.seenAt, new Date('2026-01-31T09:30:00.123Z')],
    [table.views, -9223372036854775808n],
  ] as const) {
    const cursor = encodeCursor({ sort: 'x', value, id: row.id })
    expect(cursor).toMatch(/^[\w-]+$/)
    expect(decodeCursor(cursor, 'x', column)).toEqual({ sort: 'x', value, id: row.id })
  }
})

test('links keep the other parameters', () => {
  const url = '/api/v1/things?limit=5&cursor=abc&name=%C3%A4'
  expect(pageLinks(url, 'next')).toBe(
    '</api/v1/things?limit=5&name=%C3%A4>; rel="first", ' +
      '</api/v1/things?limit=5&cursor=next&name=%C3%A4>; rel="next"',
  )
  expect(pageLinks('/things', null)).toBe('</things>; rel="first"')
})
