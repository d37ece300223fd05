import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test, vi } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import type { Identity, RateLimit } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { expectProblem } from '../support/problem.ts'

let app: FastifyInstance

afterEach(() => {
  vi.restoreAllMocks()
  return app.close()
})

/** The service with a route `/work`; the header `x-who` holds the identity that a caller proves. */
async function start(rateLimit: RateLimit, env: Env = {}) {
  app = await testApp({ RATE_LIMIT_ENABLED: 'true', ...env })
  app.addHook('onRequest', (request, _reply, done) => {
    const who = request.headers['x-who']
    request.identity = typeof who === 'string' ? JSON.parse(who) : null
    done()
  })
  app.get('/work', { config: { rateLimit } }, async () => ({}))
  await app.ready()
  // However slow the machine is, nothing comes back while a test counts.
  vi.spyOn(performance, 'now').mockReturnValue(performance.now())
}

async function ask(identity: Partial<Identity> | null, remoteAddress = '192.0.2.1') {
  const headers = identity === null ? {} : { 'x-who': JSON.stringify(identity) }
  return app.inject({ url: '/work', headers, remoteAddress })
}

const ada = { kind: 'user', userId: 'ada', tier: 'free' } as const
const bob = { kind: 'user', userId: 'bob', tier: 'free' } as const

test('a user counts as one client from every address, and apart from others there', async () => {
  await start({ limit: 1, window: 60 })
  expect((await ask(ada)).statusCode).toBe(200)
  expect((await ask(ada, '192.0.2.2')).statusCode).toBe(429)
  expect((await ask(bob)).statusCode).toBe(200)
  expect((await ask(null)).statusCode).toBe(200)
  expect((await ask(null)).statusCode).toBe(429)
})

test('each API key of a user counts by itself, unless the route counts users', async () => {
  const key = (keyId: string) => ({ ...ada, kind: 'api-key', keyId }) as const
  await start({ limit: 1, window: 60 })
  expect((await ask(key('k1'))).statusCode).toBe(200)
  expect((await ask(key('k2'))).statusCode).toBe(200)
  expect((await ask(key('k1'))).statusCode).toBe(429)
  await app.close()
  await start({ limit: 1, window: 60, key: 'user' })
  expect((await ask(key('k1'))).statusCode).toBe(200)
  expect((await ask(key('k2'))).statusCode).toBe(429)
})

test('a route may count addresses, whoever calls', async () => {
  await start({ limit: 1, window: 60, key: 'ip' })
  expect((await ask(ada)).statusCode).toBe(200)
  expect((await ask(bob)).statusCode).toBe(429)
})

test.each([
  ['standard', 100, 'default'],
  ['strict', 10, 'strict'],
  ['user', 50, 'user'],
] as const)('the preset %s allows %i a minute', async (preset, limit, name) => {
  await start(preset)
  for (let left = limit - 1; left >= 0; left -= 1) {
    expect((await ask(null)).headers['x-ratelimit-remaining']).toBe(String(left))
  }
  const refused = await ask(null)
  expectProblem(refused, 429, 'rate-limit-exceeded')
  expect(refused.headers['ratelimit-policy']).toBe(`"${name}";q=${limit};w=60`)
})

test('RATE_LIMIT_TIERS: a tier has a multiple of the usual limit', async () => {
  await start({ limit: 4, window: 60 }, { RATE_LIMIT_TIERS: 'free=0.5,premium=3' })
  const limits = []
  for (const tier of ['free', 'premium', 'unheard-of']) {
    limits.push((await ask({ ...ada, userId: tier, tier })).headers['x-ratelimit-limit'])
  }
  expect(limits).toEqual(['2', '12', '4'])
  expect((await ask({ ...ada, userId: 'free' })).statusCode).toBe(200)
  expect((await ask({ ...ada, userId: 'free' })).statusCode).toBe(429)
})

test('an address has no tier: who counts by address has the usual limit', async () => {
  await start({ limit: 2, window: 60, key: 'ip', tiers: { free: 9 } })
  const statuses = []
  for (const tier of ['premium', 'free', 'premium']) {
    statuses.push((await ask({ ...ada, userId: tier, tier })).statusCode)
  }
  expect(statuses).toEqual([200, 200, 429])
})

test('a route may count API keys: who has logged in counts by address there', async () => {
  await start({ limit: 1, window: 60, key: 'api-key' })
  const key = (keyId: string) => ({ ...ada, kind: 'api-key', keyId, tier: 'premium' }) as const
  expect((await ask(key('k1'))).headers['x-ratelimit-limit']).toBe('10')
  expect((await ask(key('k2'), '192.0.2.2')).headers['x-ratelimit-remaining']).toBe('9')
  expect((await ask({ ...ada, tier: 'premium' })).statusCode).toBe(200)
  expect((await ask(bob)).statusCode).toBe(429)
})

test('a route may say what a tier has', async () => {
  await start({ limit: 4, window: 60, tiers: { premium: 7 } })
  expect((await ask({ ...ada, tier: 'premium' })).headers['x-ratelimit-limit']).toBe('7')
})

test('a dear request uses up its cost', async () => {
  await start({ limit: 10, window: 60, cost: 4 })
  const left = []
  for (let request = 0; request < 3; request += 1) {
    left.push((await ask(null)).headers['x-ratelimit-remaining'])
  }
  expect(left).toEqual(['6', '2', '2'])
  expect((await ask(null)).headers['retry-after']).toBe('12')
})

test('a route may choose the algorithm', async () => {
  await start({ limit: 2, window: 60, algorithm: 'sliding-window' })
  await ask(null)
  await ask(null)
  expect((await ask(null)).headers['retry-after']).toBe('60')
})

test('a limit that makes no sense stops the start', async () => {
  await expect(start({ limit: 0, window: 60 })).rejects.toThrow(
    'at least 1; that of GET /work is 0',
  )
})

test('several workers without a Redis: each limits by itself, and says so', async () => {
  const log = new LogLines()
  const overrides = { logStream: log }
  const env = { RATE_LIMIT_ENABLED: 'true', LOG_LEVEL: 'info', WORKERS: '2' }
  // A service with a database wants this one where it has several workers; the test has its own.
  app = await testApp({ ...env, DATABASE_URL: 'postgres://unused/app' }, overrides)
  await app.ready()
  expect(log.with('without REDIS_URL each worker limits by itself')).toMatchObject([{ workers: 2 }])
})
