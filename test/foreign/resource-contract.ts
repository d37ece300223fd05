import { expect, it } from 'vitest'
import type { Client } from './resource-client.ts'

const unknown = '01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'

/** A value of every field, each as it is answered. */
const thing = {
  title: 'A thing',
  code: 'one',
  body: 'Some words',
  qty: 7,
  views: '9007199254740993',
  maybeViews: '-9223372036854775808',
  ratio: 0.25,
  price: '12345678.90',
  active: false,
  born: '2024-02-29',
  seenAt: '2026-01-02T03:04:05.678Z',
  startsAt: '0099-12-31T23:59:59.999Z',
  key: '0190a0a0-0000-7000-8000-000000000000',
  meta: { list: [1, { two: null }], text: "it's" },
  status: 'active',
  tags: ['a', 'b, "c"', ''],
  labels: [],
  counts: [1, -2],
  moments: ['2026-01-02T03:04:05.678Z', '0001-01-02T00:00:00.000Z', '0031-01-01T00:00:00.000Z'],
}

/** What has no default, and may not be null. */
const least = {
  title: 'Another',
  code: 'two',
  key: '0190a0a0-0000-7000-8000-000000000001',
  meta: [],
  tags: ['x'],
  moments: [],
}

/** What no column can hold, or no schema allows. */
const wrong = [
  { title: undefined },
  { title: 'nil \0' },
  { status: 'gone' },
  { price: '1.234' },
  { views: '9999999999999999999' },
  { seenAt: '2026-06-30T23:59:60Z' },
  { seenAt: '0001-01-01T00:00:00+01:00' },
  { seenAt: '9999-12-31T23:59:59-01:00' },
  { seenAt: '0031-01-01 00:00:00Z' },
  { born: '2026-02-30' },
  { key: `urn:uuid:${unknown}` },
]

/**
 * The tests of a resource with every field, at `/things`.
 *
 * @param message where the error handler of the project puts the message of an error
 */
export function keepsThings(client: () => Client, message: string): void {
  const remove = (id: string) => client().ask(`DELETE /things/${id}`)

  it('keeps a value of every type as it was sent', async () => {
    const { status, location, body } = await client().ask('POST /things', thing)
    expect({ status, body }).toMatchObject({ status: 201, body: thing })
    expect(location).toBe(`/things/${body.id}`)
    for (const time of [body.createdAt, body.updatedAt]) {
      expect(time).toBe(new Date(time).toISOString())
    }
    expect(await client().ask(`GET /things/${body.id}`)).toEqual({ status: 200, body })
    await remove(body.id)
  })

  it('gives what is left out its default, or null', async () => {
    const { status, body } = await client().ask('POST /things', least)
    const defaults = {
      body: null,
      qty: -5,
      views: '-9007199254740993',
      maybeViews: null,
      ratio: -0.5,
      price: '-1.50',
      active: true,
      born: null,
      startsAt: '2026-01-02T03:04:05.000Z',
      status: 'draft',
      labels: [],
      counts: null,
    }
    expect({ status, body }).toMatchObject({ status: 201, body: { ...least, ...defaults } })
    await remove(body.id)
  })

  it('changes what a PATCH names, and nothing else', async () => {
    const { body } = await client().ask('POST /things', thing)
    const changes = { views: '5', startsAt: '2030-01-01T00:00:00.000Z', counts: null, born: null }
    const changed = await client().ask(`PATCH /things/${body.id}`, changes)
    const { updatedAt } = changed.body
    expect(changed).toEqual({ status: 200, body: { ...body, ...changes, updatedAt } })
    expect(Date.parse(updatedAt)).toBeGreaterThanOrEqual(Date.parse(body.updatedAt))
    await remove(body.id)
  })

  it('answers 400 to a PATCH without fields', async () => {
    const { body } = await client().ask('POST /things', thing)
    expect((await client().ask(`PATCH /things/${body.id}`, {})).status).toBe(400)
    expect((await client().ask(`GET /things/${body.id}`)).body).toEqual(body)
    await remove(body.id)
  })

  it('is listed page by page, newest first', async () => {
    const older = await client().ask('POST /things', thing)
    const newer = await client().ask('POST /things', least)
    const first = await client().ask('GET /things?limit=1')
    const { next } = first.body.page
    expect(first.body).toEqual({ data: [newer.body], page: { next, limit: 1 } })
    await remove(newer.body.id)
    const last = await client().ask(`GET /things?limit=1&cursor=${next}`)
    expect(last.body).toEqual({ data: [older.body], page: { next: null, limit: 1 } })
    expect((await client().ask('GET /things')).body.page).toEqual({ next: null, limit: 20 })
    await remove(older.body.id)
  })

  it('answers 409 to what another one has', async () => {
    const { body } = await client().ask('POST /things', thing)
    const other = await client().ask('POST /things', least)
    const text = 'Another thing has the same code or key.'
    const taken = { status: 409, body: { [message]: text } }
    expect(await client().ask('POST /things', { ...thing, key: unknown })).toMatchObject(taken)
    expect(await client().ask(`PATCH /things/${other.body.id}`, { key: thing.key })).toMatchObject(
      taken,
    )
    await remove(body.id)
    await remove(other.body.id)
  })

  it.each(wrong)('answers 400 to %j', async (fields) => {
    const refused = await client().ask('POST /things', { ...thing, ...fields })
    expect(refused.status).toBe(400)
    expect(refused.body).toHaveProperty(message)
  })

  it.each(['limit=0', 'cursor=nonsense', `cursor=2026-99-99T00:00:00.000Z_${unknown}`])(
    'answers 400 to ?%s',
    async (query) => {
      expect((await client().ask(`GET /things?${query}`)).status).toBe(400)
    },
  )

  it('answers 404 where there is none, and 400 to what is no id', async () => {
    const { body } = await client().ask('POST /things', thing)
    expect(await remove(body.id)).toMatchObject({ status: 204, body: '' })
    for (const verb of ['GET', 'PATCH', 'DELETE']) {
      const changes = verb === 'PATCH' ? { qty: 1 } : undefined
      const missing = await client().ask(`${verb} /things/${body.id}`, changes)
      const text = 'Thing not found.'
      expect([verb, missing]).toMatchObject([verb, { status: 404, body: { [message]: text } }])
      expect((await client().ask(`${verb} /things/7`, changes)).status).toBe(400)
    }
  })
}
