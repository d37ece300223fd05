import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { User } from '../../src/auth/user.model.ts'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import { newUser, tokenFor } from '../support/users.ts'

// API keys: what they may do, and every way in which one ends.

const day = 86_400

let app: FastifyInstance
let user: User
let token: string

beforeAll(async () => {
  app = await testApp({ AUTH_API_KEY_GRACE: '600' })
  const access = { permission: 'orders:read' }
  app.get('/orders', { config: { access } }, async () => 'orders')
  app.get('/admin', { config: { access: { role: 'editor' } } }, async () => 'admin')
  user = await newUser(app, { permissions: ['orders:read'], roles: ['editor'] })
  token = await tokenFor(app, user)
})

afterEach(() => {
  vi.useRealTimers()
})

afterAll(() => app.close())

function call(method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, bearer = token) {
  const headers = { authorization: `Bearer ${bearer}` }
  return app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
}

async function newKey(body: object = {}): Promise<{ id: string; key: string }> {
  const response = await call('POST', '/api-keys', { name: 'robot', ...body })
  expect(response.statusCode).toBe(201)
  // There is no route for one key.
  expect(response.headers).not.toHaveProperty('location')
  return response.json()
}

function use(key: string, url = '/api/v1/auth/me') {
  return app.inject({ url, headers: { 'x-api-key': key } })
}

async function expectRefused(key: string): Promise<void> {
  const response = await use(key)
  expectProblem(response, 401, 'unauthorized', { detail: 'The API key is not valid.' })
  expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="/)
}

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

test('a key acts for its user, within its scopes, and its answers are kept nowhere', async () => {
  const { key } = await newKey({ scopes: ['orders:read'] })
  const response = await use(key)
  expect(response.json()).toMatchObject({ id: user.id, roles: [], permissions: ['orders:read'] })
  expect(response.headers['cache-control']).toBe('no-store')
  expect((await use(key, '/orders')).body).toBe('orders')
})

test('a key without the scope is refused where its user is let in', async () => {
  const { key } = await newKey()
  expectProblem(await use(key, '/orders'), 403, 'forbidden')
  const headers = { authorization: `Bearer ${token}` }
  expect((await app.inject({ url: '/orders', headers })).statusCode).toBe(200)
})

test('a key has no roles, whatever its user has', async () => {
  const { key } = await newKey({ scopes: ['orders:read'] })
  expectProblem(await use(key, '/admin'), 403, 'forbidden')
})

test('nobody gives a key more than they have, but the one who may do everything', async () => {
  const refused = await call('POST', '/api-keys', { name: 'x', scopes: ['orders:write'] })
  expectProblem(refused, 403, 'forbidden')
  const admin = await tokenFor(app, await newUser(app, { roles: ['admin'] }))
  const body = { name: 'x', scopes: ['orders:read'] }
  const given = await call('POST', '/api-keys', body, admin)
  expect((await use(given.json().key, '/orders')).statusCode).toBe(200)
  // And still no key may do everything.
  expectProblem(await use(given.json().key, '/admin'), 403, 'forbidden')
})

test('what a user may do no more, no key of theirs may do', async () => {
  const someone = await newUser(app, { permissions: ['orders:read'] })
  const body = { name: 'x', scopes: ['orders:read'] }
  const made = await call('POST', '/api-keys', body, await tokenFor(app, someone))
  expect((await use(made.json().key, '/orders')).statusCode).toBe(200)
  await app.auth.users.update(someone.id, { permissions: [] })
  later(31)
  expectProblem(await use(made.json().key, '/orders'), 403, 'forbidden')
})

test.each([
  ['GET', ''],
  ['POST', ''],
  ['DELETE', '/01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'],
  ['POST', '/01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11/rotate'],
] as const)('a key manages no keys: %s /api-keys%s', async (method, path) => {
  const { key } = await newKey()
  const url = `/api/v1/api-keys${path}`
  const response = await app.inject({ method, url, headers: { 'x-api-key': key } })
  expectProblem(response, 403, 'forbidden')
})

test('the documentation says which routes take keys', async () => {
  const { paths } = (await app.inject('/openapi.json')).json()
  const both = [{ bearer: [] }, { apiKey: [] }]
  expect(paths['/orders'].get.security).toEqual(both)
  expect(paths['/api/v1/auth/me'].get.security).toEqual(both)
  expect(paths['/admin'].get.security).toEqual([{ bearer: [] }])
  expect(paths['/api/v1/api-keys/{id}'].delete.security).toEqual([{ bearer: [] }])
})

test('a revoked key is refused at once, though it was known to be good', async () => {
  const { id, key } = await newKey()
  expect((await use(key)).statusCode).toBe(200)
  expect((await call('DELETE', `/api-keys/${id}`)).statusCode).toBe(204)
  await expectRefused(key)
  expectProblem(await call('DELETE', `/api-keys/${id}`), 404, 'not-found')
})

test('an expired key is refused', async () => {
  const { key } = await newKey({ expiresInDays: 1 })
  expect((await use(key)).statusCode).toBe(200)
  later(day + 1)
  await expectRefused(key)
})

test('an expired key is not rotated: what came of it would be dead', async () => {
  const { id } = await newKey({ expiresInDays: 1 })
  later(day + 1)
  const bearer = await tokenFor(app, user)
  const rotated = await call('POST', `/api-keys/${id}/rotate`, undefined, bearer)
  expectProblem(rotated, 404, 'not-found')
})

test('nobody has more than a hundred, however fast they ask', async () => {
  const someone = await newUser(app)
  await app.db.execute(`INSERT INTO auth_api_keys
    (id, user_id, name, fingerprint, scopes, expires_at)
    SELECT gen_random_uuid(), '${someone.id}', 'x', 'x', '{}', now() FROM generate_series(1, 98)`)
  const bearer = await tokenFor(app, someone)
  const make = () => call('POST', '/api-keys', { name: 'x' }, bearer)
  const codes = (await Promise.all([make(), make(), make()])).map(({ statusCode }) => statusCode)
  expect(codes.sort()).toEqual([201, 201, 409])
  expectProblem(await make(), 409, 'conflict')
})

test.each([
  "'; DROP TABLE auth_api_keys; --",
  "' OR '1'='1",
  '"; DELETE FROM auth_users; --',
  "x', ARRAY['admin'], now()) --",
  '$1 \\ %s {"a":1} \u2028',
])('SQL is a name as any other: %s', async (name) => {
  const { id, ...made } = await newKey({ name })
  expect(made).toMatchObject({ name })
  const { data } = (await call('GET', '/api-keys')).json()
  expect(data.find((one: { id: string }) => one.id === id)).toMatchObject({ name, scopes: [] })
})

test('AUTH_API_KEY_GRACE: a rotated key is good until its successor is in place', async () => {
  const { id, key } = await newKey()
  const rotated = await call('POST', `/api-keys/${id}/rotate`)
  expect(rotated.json()).toMatchObject({ id, name: 'robot' })
  expect((await use(rotated.json().key)).statusCode).toBe(200)
  expect((await use(key)).statusCode).toBe(200)
  later(601)
  await expectRefused(key)
  expect((await use(rotated.json().key)).statusCode).toBe(200)
})

test('twice rotated: the first of three is refused at once', async () => {
  const { id, key } = await newKey()
  expect((await use(key)).statusCode).toBe(200)
  await call('POST', `/api-keys/${id}/rotate`)
  await call('POST', `/api-keys/${id}/rotate`)
  await expectRefused(key)
})

test('a key of a disabled account is refused', async () => {
  const someone = await newUser(app)
  const made = await call('POST', '/api-keys', { name: 'x' }, await tokenFor(app, someone))
  await app.auth.users.update(someone.id, { disabledAt: new Date() })
  await expectRefused(made.json().key)
})

describe('the keys of others', () => {
  test('are not listed, not rotated and not revoked', async () => {
    const { id, key } = await newKey()
    const stranger = await tokenFor(app, await newUser(app, { roles: ['admin'] }))
    expect((await call('GET', '/api-keys', undefined, stranger)).json()).toEqual({ data: [] })
    const rotated = await call('POST', `/api-keys/${id}/rotate`, undefined, stranger)
    expectProblem(rotated, 404, 'not-found')
    const revoked = await call('DELETE', `/api-keys/${id}`, undefined, stranger)
    expectProblem(revoked, 404, 'not-found')
    expect((await use(key)).statusCode).toBe(200)
  })
})

test('a key that was changed, cut off or made up is refused', async () => {
  const { key } = await newKey()
  const another = await newKey()
  await expectRefused(key.slice(0, -1))
  await expectRefused(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)
  await expectRefused(key.toUpperCase())
  await expectRefused(`${key} `.repeat(2))
  // The id of one and the secret of another: neither checksum fits, and no secret does.
  await expectRefused(`${key.slice(0, 36)}${another.key.slice(36)}`)
  for (const made of ['', 'ak_', 'x', "' OR 1=1 --", 'a'.repeat(5_000)]) await expectRefused(made)
})

test('the list shows no secret, and when a key was used, to the minute', async () => {
  const { id, key } = await newKey()
  const listed = async () => {
    const { data } = (await call('GET', '/api-keys')).json()
    return data.find((one: { id: string }) => one.id === id)
  }
  expect(await listed()).toMatchObject({ name: 'robot', scopes: [], lastUsedAt: null })
  expect(Object.keys(await listed()).sort()).toEqual(
    ['createdAt', 'expiresAt', 'id', 'lastUsedAt', 'name', 'scopes'].sort(),
  )
  await use(key)
  const { lastUsedAt } = await listed()
  expect(Date.parse(lastUsedAt)).toBeGreaterThan(Date.now() - 10_000)
  later(40)
  await use(key)
  expect((await listed()).lastUsedAt).toBe(lastUsedAt)
  later(40)
  await use(key)
  expect((await listed()).lastUsedAt).not.toBe(lastUsedAt)
})

test('the database has no key, only what nobody can turn into one', async () => {
  const { key } = await newKey()
  const { rows } = await app.db.execute('SELECT * FROM auth_api_keys')
  expect(JSON.stringify(rows)).not.toContain(key.slice(36, 84))
})
