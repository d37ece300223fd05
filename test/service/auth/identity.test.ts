import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newApiKey } from '../../../src/auth/api-keys.ts'
import type { Env } from '../../../src/config/index.ts'
import { uuidv7 } from '../../../src/http/uuid.ts'
import { testApp } from '../../support/app.ts'
import { testOverrides } from '../../support/overrides.ts'
import { loggedIn, newUser } from '../../support/users.ts'

// What made-up credentials cost.

let app: FastifyInstance
let statements: number

async function start(env: Env = {}): Promise<void> {
  const { database } = await testOverrides()
  if (database === undefined) throw new Error('no database')
  const begins = new Set<string | symbol>(['select', 'insert', 'update', 'delete', 'transaction'])
  const db = new Proxy(database.db, {
    get(target, key) {
      if (begins.has(key)) statements += 1
      return Reflect.get(target, key)
    },
  })
  app = await testApp(env, { database: { ...database, db } })
  app.get('/open', { config: { access: 'public', rateLimit: false } }, async () => 'open')
  app.get('/closed', { config: { access: 'authenticated' } }, async () => 'closed')
  await app.ready()
  statements = 0
}

beforeEach(() => start())

afterEach(() => app.close())

function ask(url: string) {
  return app.inject({ url, headers: { 'x-api-key': newApiKey(uuidv7()).key } })
}

test.each([
  ['/health/live', 200],
  ['/open', 200],
  ['/nowhere', 404],
])('fifty made-up keys on %s cost no query', async (url, status) => {
  for (let count = 0; count < 50; count += 1) expect((await ask(url)).statusCode).toBe(status)
  expect(statements).toBe(0)
})

test('a made-up key costs one query where access is declared', async () => {
  expect((await ask('/closed')).statusCode).toBe(401)
  expect(statements).toBe(1)
})

test('text that is not a key, or not a token of this service, costs no query', async () => {
  for (const headers of [{ 'x-api-key': 'ak_x' }, { authorization: 'Bearer e30.e30.x' }]) {
    expect((await app.inject({ url: '/closed', headers })).statusCode).toBe(401)
  }
  expect(statements).toBe(0)
})

test('a known caller costs one query, and then none for a while', async () => {
  const headers = await loggedIn(app, await newUser(app))
  statements = 0
  for (let count = 0; count < 20; count += 1) await app.inject({ url: '/closed', headers })
  expect(statements).toBe(1)
})

test('the address limit bounds how many keys an address can try', async (context) => {
  await app.close()
  await start({ RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_DEFAULT_LIMIT: '1000000' })
  if (!('rateLimit' in app.config)) context.skip('needs the feature rate-limit')
  const statuses: number[] = []
  for (let count = 0; count < 2_000; count += 1) statuses.push((await ask('/closed')).statusCode)
  const verified = statuses.filter((status) => status === 401).length
  expect(statements).toBe(verified)
  expect(statuses.filter((status) => status === 429).length).toBe(2_000 - verified)
  expect(verified).toBeLessThan(1_900)
})
