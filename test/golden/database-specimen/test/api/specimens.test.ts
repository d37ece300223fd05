import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { specimens as table } from '../../src/resources/specimens/specimen.model.ts'
import { skipUnguarded } from '../support/access.ts'
import { testApp } from '../support/app.ts'
import { anonymousClient, type Client, testClient } from '../support/client.ts'
import { specimenBody as newBody } from '../support/factories/specimen.factory.ts'

const path = '/specimens'
const unknown = `${path}/01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11`

let app: FastifyInstance
let client: Client

beforeAll(async () => {
  app = await testApp()
  client = await testClient(app)
})

afterEach(() => app.db.delete(table))

afterAll(() => app.close())

async function create() {
  return (await client.post(path, newBody())).json()
}

/** The statuses of one request to each route. */
async function statusesFor(caller: Client) {
  const responses = [
    await caller.get(path),
    await caller.post(path, newBody()),
    await caller.get(unknown),
    await caller.patch(unknown, newBody()),
    await caller.put(unknown, newBody()),
    await caller.delete(unknown),
  ]
  return responses.map(({ statusCode }) => statusCode)
}

describe('specimens', () => {
  it('creates a specimen and returns its location', async () => {
    const body = newBody()
    const created = await client.post(path, body)
    expect(created.statusCode).toBe(201)
    expect(created.json()).toMatchObject(body)
    const { id } = created.json()
    expect(created.headers.location).toBe(`${app.config.server.apiPrefix}${path}/${id}`)
    expect((await client.get(`${path}/${id}`)).json()).toEqual(created.json())
  })

  it('lists page by page, newest first', async () => {
    const older = await create()
    const newer = await create()
    const first = await client.get(`${path}?limit=1`)
    const { next } = first.json().page
    expect(first.json()).toEqual({ data: [newer], page: { next, limit: 1 } })
    expect(first.headers.link).toContain(`cursor=${next}>; rel="next"`)
    const last = await client.get(`${path}?limit=1&cursor=${next}`)
    expect(last.json()).toEqual({ data: [older], page: { next: null, limit: 1 } })
  })

  it('sorts, and returns 422 for the cursor of another order', async () => {
    const older = await create()
    const newer = await create()
    const first = await client.get(`${path}?sort=createdAt&limit=1`)
    const { next } = first.json().page
    const last = await client.get(`${path}?sort=createdAt&cursor=${next}`)
    expect([...first.json().data, ...last.json().data]).toEqual([older, newer])
    expect((await client.get(`${path}?sort=-createdAt&cursor=${next}`)).statusCode).toBe(422)
  })

  it('filters by code', async () => {
    const key = 'code'
    const one = await create()
    const found = await client.get(`${path}?${key}=${one[key]}`)
    expect(found.json().data).toEqual([one])
  })

  it('updates only the fields in a PATCH', async () => {
    const key = 'title'
    const changes = { [key]: newBody()[key] }
    const one = await create()
    const changed = await client.patch(`${path}/${one.id}`, changes)
    expect(changed.json()).toEqual({ ...one, ...changes, updatedAt: changed.json().updatedAt })
  })

  it('returns 422 for a PATCH without fields', async () => {
    const one = await create()
    expect((await client.patch(`${path}/${one.id}`, {})).statusCode).toBe(422)
    expect((await client.get(`${path}/${one.id}`)).json()).toEqual(one)
  })

  it('replaces every field with PUT', async () => {
    const { id, createdAt } = await create()
    const body = newBody()
    const replaced = await client.put(`${path}/${id}`, body)
    expect(replaced.json()).toMatchObject({ ...body, id, createdAt })
  })

  it('sets a field that a PUT omits to its default', async () => {
    const key = 'body'
    const { id } = await create()
    const replaced = await client.put(`${path}/${id}`, { ...newBody(), [key]: undefined })
    expect(replaced.json()[key]).toEqual(null)
  })

  it('deletes a specimen', async () => {
    const { id } = await create()
    expect((await client.delete(`${path}/${id}`)).statusCode).toBe(204)
    expect((await client.get(`${path}/${id}`)).statusCode).toBe(404)
  })

  it('returns 404 for an unknown id', async () => {
    expect(await statusesFor(client)).toEqual([200, 201, 404, 404, 404, 404])
  })

  it('returns 422 for an unknown field', async () => {
    const refused = await client.post(path, { ...newBody(), notAField: true })
    expect(refused.json()).toMatchObject({ status: 422, errors: [{ pointer: '#/notAField' }] })
  })

  it('returns 422 without title', async () => {
    const key = 'title'
    const refused = await client.post(path, { ...newBody(), [key]: undefined })
    expect(refused.json()).toMatchObject({ status: 422, errors: [{ pointer: `#/${key}` }] })
  })

  it('returns 409 for a duplicate code', async () => {
    const body = newBody()
    await client.post(path, body)
    expect((await client.post(path, body)).statusCode).toBe(409)
  })

  it('returns 401 without credentials', async (context) => {
    skipUnguarded(app, context)
    expect(await statusesFor(anonymousClient(app))).toEqual([401, 401, 401, 401, 401, 401])
  })

  it('returns 403 without permission', async (context) => {
    skipUnguarded(app, context)
    const user = await testClient(app, [])
    expect(await statusesFor(user)).toEqual([403, 403, 403, 403, 403, 403])
  })
})
