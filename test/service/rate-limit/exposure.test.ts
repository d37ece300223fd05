import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testApp } from '../../support/app.ts'
import { testClient } from '../../support/client.ts'
import { LogLines } from '../../support/log.ts'
import { testAppWithRoutes } from '../../support/routes.ts'
import { FakeClock } from '../support/rate-limit.ts'

const on = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_MODE: 'enforce', RATE_LIMIT_DEFAULT_LIMIT: '1' }

let app: FastifyInstance

beforeEach(() => {
  new FakeClock()
})
afterEach(() => {
  vi.restoreAllMocks()
  return app.close()
})

test('every route of the API has a limit of its own without declaring one', async () => {
  const table = await testAppWithRoutes({ ...on, RATE_LIMIT_ADDRESS_LIMIT: '0' })
  app = table.app
  const { apiPrefix } = app.config.server
  const ours = table.endpoints.filter(
    ({ url }) => url.startsWith(apiPrefix) && !url.startsWith(`${apiPrefix}/rate-limits`),
  )
  for (const { method, url } of ours) {
    const ask = async () => (await app.inject({ method, url } as InjectOptions)).statusCode
    // The presets of the features allow up to 50.
    for (let left = 50; (await ask()) !== 429 && left > 0; left -= 1);
    expect(await ask(), `${method} ${url}`).toBe(429)
  }
})

test('a request meets the limit of addresses before anything that takes time', async () => {
  app = await testApp(on)
  await app.ready()
  const names = [...app.printPlugins().matchAll(/^[├└]─[─┬] ([\w-]+) /gm)].map((match) => match[1])
  const flow = ['load-shedding', 'address-limit', 'timing', 'health', 'redis', 'route-limit']
  expect(names.filter((name) => flow.includes(name ?? ''))).toEqual(flow)
})

test('the tighter limit is the one that leaves fewer requests', async () => {
  app = await testApp({ ...on, RATE_LIMIT_ADDRESS_LIMIT: '6' })
  app.get('/work', { config: { rateLimit: { limit: 5, window: 60 } } }, async () => ({}))
  const remoteAddress = '192.0.2.1'
  for (let i = 0; i < 2; i += 1) await app.inject({ url: '/nowhere', remoteAddress })
  const seen: unknown[] = []
  for (let request = 0; request < 2; request += 1) {
    const { headers } = await app.inject({ url: '/work', remoteAddress })
    seen.push([headers['ratelimit-policy'], headers['x-ratelimit-remaining']])
  }
  expect(seen).toEqual([
    ['"address";q=6;w=60', '3'],
    ['"address";q=6;w=60', '2'],
  ])
  const other = await app.inject({ url: '/work', remoteAddress: '192.0.2.2' })
  expect(other.headers['ratelimit-policy']).toBe('"route";q=5;w=60')
})

test('forged forwarding headers do not escape the limit of addresses', async () => {
  app = await testApp({ ...on, RATE_LIMIT_ADDRESS_LIMIT: '1' })
  const statuses: number[] = []
  for (const address of ['203.0.113.1', '203.0.113.2']) {
    const headers = { 'x-forwarded-for': address, 'x-real-ip': address }
    statuses.push((await app.inject({ url: '/nowhere', headers })).statusCode)
  }
  expect(statuses).toEqual([404, 429])
})

test('the port that a trusted proxy appends does not make a client', async () => {
  app = await testApp({ ...on, TRUST_PROXY: '10.0.0.0/8' })
  app.get('/work', async () => ({}))
  const through = async (forwarded: string) => {
    const headers = { 'x-forwarded-for': forwarded }
    return (await app.inject({ url: '/work', remoteAddress: '10.0.0.1', headers })).statusCode
  }
  expect(await through('203.0.113.3:4711')).toBe(200)
  expect(await through('203.0.113.3:4712')).toBe(429)
  expect(await through('[2001:db8::1]:4711')).toBe(200)
  expect(await through('[2001:db8::2]:4712')).toBe(429)
})

test('an IPv6 network counts as one client, and operators may write it in any form', async () => {
  app = await testApp(on)
  app.get('/work', async () => ({}))
  const client = await testClient(app)
  const ask = async (remoteAddress: string) =>
    (await app.inject({ url: '/work', remoteAddress })).statusCode
  expect(await ask('2001:db8::1')).toBe(200)
  expect(await ask('2001:db8::ffff:1')).toBe(429)
  expect(await ask('2001:db8:0:1::1')).toBe(200)
  const network = encodeURIComponent('ip:2001:db8:0:0::/64')
  expect((await client.get(`/rate-limits/${network}`)).json().data).toHaveLength(2)
  expect((await client.get('/rate-limits/ip:2001:db8::1')).json().data).toHaveLength(2)
  expect((await client.delete('/rate-limits/ip:2001:DB8::2')).statusCode).toBe(204)
  expect((await client.get(`/rate-limits/${network}`)).json().data).toEqual([])
})

test('a route that counts API keys counts everybody else by address, without a tier', async () => {
  app = await testApp(on)
  app.identify = (request, done) => {
    request.identity = JSON.parse(String(request.headers['x-who'] ?? 'null'))
    done()
  }
  const rateLimit = { limit: 1, window: 60, key: 'api-key' } as const
  app.get('/work', { config: { rateLimit } }, async () => ({}))
  const ask = async (who: object) => {
    const { statusCode, headers } = await app.inject({
      url: '/work',
      headers: { 'x-who': JSON.stringify({ tier: 'premium', ...who }) },
    })
    return [statusCode, headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']]
  }
  expect(await ask({ kind: 'api-key', userId: 'ada', keyId: 'k1' })).toEqual([200, '10', '9'])
  expect(await ask({ kind: 'api-key', userId: 'ada', keyId: 'k2' })).toEqual([200, '10', '9'])
  expect(await ask({ kind: 'user', userId: 'ada' })).toEqual([200, '1', '0'])
  expect(await ask({ kind: 'user', userId: 'bob' })).toEqual([429, '1', '0'])
})

test('nothing waits for an identity where a limit counts by address', async () => {
  app = await testApp(on)
  const identify = vi.fn((_: unknown, done: () => void) => done())
  app.identify = identify
  const rateLimit = { limit: 1, window: 60, key: 'ip' } as const
  app.get('/ip', { config: { rateLimit } }, async () => ({}))
  app.get('/free', { config: { rateLimit: false } }, async () => ({}))
  for (const url of ['/ip', '/free', '/health/live', '/health/ready', '/nowhere']) {
    await app.inject({ url, headers: { authorization: 'Bearer forged' } })
  }
  expect(identify).not.toHaveBeenCalled()
})

test('has no operator routes where nothing guards them', async () => {
  app = await testApp({ ...on, UNGUARDED_ROUTES: 'refuse' })
  const client = await testClient(app)
  expect((await client.get('/rate-limits')).statusCode).toBe(app.identify ? 200 : 404)
})

test('several workers without Redis count by themselves, and say so', async () => {
  const log = new LogLines()
  // A service with a database wants PostgreSQL for several workers; the test brings its own.
  const env = { ...on, LOG_LEVEL: 'info', WORKERS: '2', DATABASE_URL: 'postgres://unused/db' }
  app = await testApp(env, { logStream: log })
  await app.ready()
  const warning = log.with('without REDIS_URL each worker counts by itself')
  expect(warning).toMatchObject([{ workers: 2 }])
})
