import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { User } from '../../src/auth/auth.model.ts'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import { call, keyOf, loggedIn, newUser } from '../support/users.ts'

const day = 86_400

let app: FastifyInstance
let user: User
let headers: Record<string, string>

beforeAll(async () => {
  app = await testApp()
  const access = { permission: 'orders:read' }
  app.get('/orders', { config: { access } }, async () => 'orders')
  user = await newUser(app, { permissions: ['orders:read'] })
  headers = await loggedIn(app, user)
})

afterEach(() => {
  vi.useRealTimers()
})

afterAll(() => app.close())

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

async function create(body: object = {}): Promise<{ id: string; key: string }> {
  const response = await call(app, 'POST', '/api-keys', headers, { name: 'robot', ...body })
  expect(response.statusCode).toBe(201)
  return response.json()
}

const use = (key: string, url = '/api/v1/auth/me') =>
  app.inject({ url, headers: { 'x-api-key': key } })

async function expectRefused(key: string): Promise<void> {
  const detail = 'The API key is not valid.'
  expectProblem(await use(key), 401, 'unauthorized', { detail })
}

describe('an API key', () => {
  test('acts for its user within its scopes', async () => {
    const { key, ...created } = await create({ scopes: ['orders:read'] })
    expect(key).toMatch(/^ak_[\da-f]{32}_[\da-f]{48}$/)
    expect(created).not.toHaveProperty('fingerprint')
    const response = await use(key)
    expect(response.json()).toMatchObject({ id: user.id, roles: [], permissions: ['orders:read'] })
    expect((await use(key, '/orders')).body).toBe('orders')
  })

  test('without scopes is refused what its user may do', async () => {
    const { key } = await create()
    const detail = 'This needs the permission orders:read.'
    expectProblem(await use(key, '/orders'), 403, 'forbidden', { detail })
    expect((await app.inject({ url: '/orders', headers })).statusCode).toBe(200)
  })

  test('gets no scope that its user does not have', async () => {
    const body = { name: 'x', scopes: ['orders:read', 'orders:write'] }
    const refused = await call(app, 'POST', '/api-keys', headers, body)
    const detail = "Your account doesn't have the permission orders:write."
    expectProblem(refused, 403, 'forbidden', { detail })
    const admin = await loggedIn(app, await newUser(app, { roles: ['admin'] }))
    const { key } = (await call(app, 'POST', '/api-keys', admin, body)).json()
    expect((await use(key)).json()).toMatchObject({ roles: [], permissions: body.scopes })
  })

  test('loses what its user may no longer do', async () => {
    const someone = await newUser(app, { permissions: ['orders:read'] })
    const { 'x-api-key': key } = await keyOf(app, someone, ['orders:read'])
    expect((await use(key, '/orders')).statusCode).toBe(200)
    await app.auth.users.update(someone.id, { permissions: [] })
    later(11)
    expectProblem(await use(key, '/orders'), 403, 'forbidden')
  })

  test('is refused at once when it is revoked', async () => {
    const { id, key } = await create()
    expect((await use(key)).statusCode).toBe(200)
    expect((await call(app, 'DELETE', `/api-keys/${id}`, headers)).statusCode).toBe(204)
    await expectRefused(key)
    expectProblem(await call(app, 'DELETE', `/api-keys/${id}`, headers), 404, 'not-found')
  })

  test('is refused once it has expired, and not rotated', async () => {
    const { id, key } = await create({ expiresInDays: 1 })
    expect((await use(key)).statusCode).toBe(200)
    later(day + 1)
    await expectRefused(key)
    const rotated = await call(app, 'POST', `/api-keys/${id}/rotate`, await loggedIn(app, user))
    expectProblem(rotated, 404, 'not-found')
  })

  test('is valid for a day after it was rotated', async () => {
    const { id, key } = await create()
    const next = (await call(app, 'POST', `/api-keys/${id}/rotate`, headers)).json()
    expect(next).toMatchObject({ id, name: 'robot' })
    for (const each of [key, next.key]) expect((await use(each)).statusCode).toBe(200)
    later(day + 1)
    await expectRefused(key)
    expect((await use(next.key)).statusCode).toBe(200)
  })

  test('is refused at once after a second rotation', async () => {
    const { id, key } = await create()
    expect((await use(key)).statusCode).toBe(200)
    for (let times = 0; times < 2; times += 1) {
      await call(app, 'POST', `/api-keys/${id}/rotate`, headers)
    }
    await expectRefused(key)
  })

  test('is refused beside a token: either one could be meant', async () => {
    const { key } = await create()
    const response = await call(app, 'GET', '/auth/me', { ...headers, 'x-api-key': key })
    expectProblem(response, 401, 'unauthorized')
  })
})

describe('/api-keys', () => {
  test('lists keys without secrets, and when each was used', async () => {
    const { id, key } = await create()
    const listed = async () => {
      const { data } = (await call(app, 'GET', '/api-keys', headers)).json()
      return data.find((one: { id: string }) => one.id === id)
    }
    const names = ['id', 'name', 'scopes', 'expiresAt', 'lastUsedAt', 'createdAt']
    expect(Object.keys(await listed())).toEqual(names)
    expect(await listed()).toMatchObject({ name: 'robot', scopes: [], lastUsedAt: null })
    await use(key)
    expect(Date.parse((await listed()).lastUsedAt)).toBeGreaterThan(Date.now() - 60_000)
  })

  test('shows, rotates and revokes no key of another user, not even for an admin', async () => {
    const { id, key } = await create()
    const stranger = await loggedIn(app, await newUser(app, { roles: ['admin'] }))
    expect((await call(app, 'GET', '/api-keys', stranger)).json()).toEqual({ data: [] })
    const rotated = await call(app, 'POST', `/api-keys/${id}/rotate`, stranger)
    expectProblem(rotated, 404, 'not-found')
    expectProblem(await call(app, 'DELETE', `/api-keys/${id}`, stranger), 404, 'not-found')
    expect((await use(key)).statusCode).toBe(200)
  })

  test.each([
    [{}, '#/name'],
    [{ name: '' }, '#/name'],
    [{ name: 'x', expiresInDays: 0 }, '#/expiresInDays'],
    [{ name: 'x', expiresInDays: 366 }, '#/expiresInDays'],
    [{ name: 'x', scopes: ['a', 'a'] }, '#/scopes'],
    [{ name: 'x', userId: 'another' }, '#/userId'],
  ])('returns 422 for %j', async (body, pointer) => {
    const problem = expectProblem(
      await call(app, 'POST', '/api-keys', headers, body),
      422,
      'validation-error',
    )
    expect(problem.errors).toMatchObject([{ pointer }])
  })
})
