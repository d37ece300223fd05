import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { specimens as table } from '../../src/resources/specimens/specimen.model.ts'
import { testApp } from '../support/app.ts'
import { type Client, testClient } from '../support/client.ts'
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

describe('specimens', () => {
  it('are created, and say where they are', async () => {
    const body = newBody()
    const created = await client.post(path, body)
    expect(created.statusCode).toBe(201)
    expect(created.json()).toMatchObject(body)
    const { id } = created.json()
    expect(created.headers.location).toBe(`${app.config.server.apiPrefix}${path}/${id}`)
    expect((await client.get(`${path}/${id}`)).json()).toEqual(created.json())
  })

  it('are listed page by page, newest first', async () => {
    const older = await create()
    const newer = await create()
    const first = await client.get(`${path}?limit=1`)
    const { next } = first.json().page
    expect(first.json()).toEqual({ data: [newer], page: { next, limit: 1 } })
    expect(first.headers.link).toContain(`cursor=${next}>; rel="next"`)
    const last = await client.get(`${path}?limit=1&cursor=${next}`)
    expect(last.json()).toEqual({ data: [older], page: { next: null, limit: 1 } })
  })

  it('are sorted, and a cursor is good for its own order only', async () => {
    const older = await create()
    const newer = await create()
    const first = await client.get(`${path}?sort=createdAt&limit=1`)
    const { next } = first.json().page
    const last = await client.get(`${path}?sort=createdAt&cursor=${next}`)
    expect([...first.json().data, ...last.json().data]).toEqual([older, newer])
    expect((await client.get(`${path}?sort=-createdAt&cursor=${next}`)).statusCode).toBe(422)
    expect((await client.get(`${path}?cursor=nonsense`)).statusCode).toBe(422)
  })

  it('are filtered', async () => {
    const key = 'code'
    const one = await create()
    const found = await client.get(`${path}?${key}=${one[key]}`)
    expect(found.json().data).toEqual([one])
  })

  it('keep what a PATCH does not name', async () => {
    const key = 'title'
    const changes = { [key]: newBody()[key] }
    const one = await create()
    const changed = await client.patch(`${path}/${one.id}`, changes)
    expect(changed.json()).toEqual({ ...one, ...changes, updatedAt: changed.json().updatedAt })
  })

  it('are replaced by a PUT', async () => {
    const { id, createdAt } = await create()
    const body = newBody()
    const replaced = await client.put(`${path}/${id}`, body)
    expect(replaced.json()).toMatchObject({ ...body, id, createdAt })
  })

  it('get defaults where a PUT says nothing', async () => {
    const key = 'body'
    const { id } = await create()
    const replaced = await client.put(`${path}/${id}`, { ...newBody(), [key]: undefined })
    expect(replaced.json()[key]).toEqual(null)
  })

  it('keep SQL in their texts as it is', async () => {
    const sql = "'); DELETE FROM specimens; --"
    const texts = {
      title: sql.slice(0, 255),
      code: sql.slice(0, 40),
      body: sql,
      tags: [sql.slice(0, 255)],
      labels: [sql.slice(0, 255)],
    }
    const { id } = (await client.post(path, { ...newBody(), ...texts })).json()
    expect((await client.get(`${path}/${id}`)).json()).toMatchObject(texts)
  })

  it('are deleted', async () => {
    const { id } = await create()
    expect((await client.delete(`${path}/${id}`)).statusCode).toBe(204)
    expect((await client.get(`${path}/${id}`)).statusCode).toBe(404)
  })

  it('that are unknown are a 404', async () => {
    expect((await client.get(unknown)).statusCode).toBe(404)
    expect((await client.patch(unknown, {})).statusCode).toBe(404)
    expect((await client.put(unknown, newBody())).statusCode).toBe(404)
    expect((await client.delete(unknown)).statusCode).toBe(404)
  })

  it('with an unknown property are a 422', async () => {
    const refused = await client.post(path, { ...newBody(), notAField: true })
    expect(refused.json()).toMatchObject({ status: 422, errors: [{ pointer: '#/notAField' }] })
  })

  it('without a required property are a 422', async () => {
    const key = 'title'
    const refused = await client.post(path, { ...newBody(), [key]: undefined })
    expect(refused.json()).toMatchObject({ status: 422, errors: [{ pointer: `#/${key}` }] })
  })

  it('that take what is unique are a 409', async () => {
    const body = newBody()
    await client.post(path, body)
    expect((await client.post(path, body)).statusCode).toBe(409)
  })
})
