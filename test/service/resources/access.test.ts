import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { notices } from '../../../src/resources/notices/notice.model.ts'
import { testApp } from '../../support/app.ts'
import { anonymousClient } from '../../support/client.ts'

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp()
})

afterAll(async () => {
  await app.db.delete(notices)
  await app.close()
})

it('guards routes, so that resources test their 401 and 403', () => {
  expect(app.hasPlugin('access')).toBe(true)
})

it('lets anybody use a public resource, and nobody a guarded one', async () => {
  const client = anonymousClient(app)
  expect((await client.post('/notices', { title: 'hello' })).statusCode).toBe(201)
  expect((await client.get('/notices')).json().data).toMatchObject([{ title: 'hello' }])
  expect((await client.get('/specimens')).statusCode).toBe(401)
})

it('serves a list without a trailing slash in its path', async () => {
  const { paths = {} } = app.swagger()
  const own = Object.keys(paths).filter((path) => path.includes('specimens'))
  expect(own).toEqual(['/api/v1/specimens', '/api/v1/specimens/{id}'])
})
