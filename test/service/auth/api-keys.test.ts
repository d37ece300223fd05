import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { newApiKey } from '../../../src/auth/api-keys.ts'
import { uuidv7 } from '../../../src/http/uuid.ts'
import { testApp } from '../../support/app.ts'
import { expectProblem } from '../../support/problem.ts'
import { call, loggedIn, newUser } from '../../support/users.ts'

let app: FastifyInstance
let headers: Record<string, string>

beforeAll(async () => {
  app = await testApp()
  headers = await loggedIn(app, await newUser(app))
})

afterEach(() => {
  vi.useRealTimers()
})

afterAll(() => app.close())

async function newKey(body: object = {}): Promise<{ id: string; key: string }> {
  return (await call(app, 'POST', '/api-keys', headers, { name: 'robot', ...body })).json()
}

function use(key: string) {
  return call(app, 'GET', '/auth/me', { 'x-api-key': key })
}

async function expectRefused(key: string): Promise<void> {
  const detail = 'The API key is not valid.'
  expectProblem(await use(key), 401, 'unauthorized', { detail })
}

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

test('parallel requests create no more than a hundred keys', async () => {
  const someone = await newUser(app)
  await app.db.execute(`INSERT INTO auth_api_keys
    (id, user_id, name, fingerprint, scopes, expires_at)
    SELECT gen_random_uuid(), '${someone.id}', 'x', 'x', '{}', now() FROM generate_series(1, 98)`)
  const by = await loggedIn(app, someone)
  const make = () => call(app, 'POST', '/api-keys', by, { name: 'x' })
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
])('SQL is a name like any other: %s', async (name) => {
  const { id, ...made } = await newKey({ name })
  expect(made).toMatchObject({ name })
  const { data } = (await call(app, 'GET', '/api-keys', headers)).json()
  expect(data.find((one: { id: string }) => one.id === id)).toMatchObject({ name, scopes: [] })
})

test.each([
  ['GET', ''],
  ['POST', ''],
  ['DELETE', '/01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'],
  ['POST', '/01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11/rotate'],
] as const)('a key cannot manage keys: %s /api-keys%s', async (method, path) => {
  const { key } = await newKey()
  const by = { 'x-api-key': key }
  expectProblem(await call(app, method, `/api-keys${path}`, by), 403, 'forbidden')
})

test('a key that was changed, cut off or made up is refused', async () => {
  const { key } = await newKey()
  const another = await newKey()
  await expectRefused(key.slice(0, -1))
  await expectRefused(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)
  await expectRefused(key.toUpperCase())
  await expectRefused(`${key} `.repeat(2))
  // The id of one and the secret of another.
  await expectRefused(`${key.slice(0, 36)}${another.key.slice(36)}`)
  const zeros = `ak_${'0'.repeat(32)}_${'0'.repeat(48)}`
  const made = ['', 'ak_', 'ak__', zeros, 'x', "' OR 1=1 --", 'a'.repeat(5_000)]
  for (const text of made) await expectRefused(text)
})

test('a key is refused while its account is deactivated, however that was done', async () => {
  const { id, key } = await newKey()
  const set = (value: string) =>
    app.db.execute(`UPDATE auth_users SET disabled_at = ${value}
      WHERE id = (SELECT user_id FROM auth_api_keys WHERE id = '${id}')`)
  await set('now()')
  await expectRefused(key)
  await set('NULL')
  expect((await use(key)).statusCode).toBe(200)
})

test('last use is stored at most once a minute', async () => {
  const { id, key } = await newKey()
  const lastUsed = async () => {
    const { data } = (await call(app, 'GET', '/api-keys', headers)).json()
    return data.find((one: { id: string }) => one.id === id).lastUsedAt
  }
  await use(key)
  const first = await lastUsed()
  later(40)
  await use(key)
  expect(await lastUsed()).toBe(first)
  later(40)
  await use(key)
  expect(await lastUsed()).not.toBe(first)
})

test('the database holds no key, only fingerprints', async () => {
  const { key } = await newKey()
  const { rows } = await app.db.execute('SELECT * FROM auth_api_keys')
  expect(JSON.stringify(rows)).not.toContain(key.slice(36, 84))
})

test('no two keys of a row are alike', () => {
  const id = uuidv7()
  expect(newApiKey(id).secret).not.toBe(newApiKey(id).secret)
})
