import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import type { RateLimit } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { measured } from '../support/metrics.ts'
import { expectProblem } from '../support/problem.ts'

let app: FastifyInstance
let log: LogLines

beforeEach(() => {
  log = new LogLines()
  // Time stands still, so that no token comes back on a slow machine.
  vi.spyOn(performance, 'now').mockReturnValue(1_000_000)
})
afterEach(() => {
  vi.restoreAllMocks()
  return app.close()
})

/** Starts the service with a route `/work` that declares `rateLimit`. */
async function start(env: Env = {}, rateLimit?: RateLimit): Promise<void> {
  app = await testApp({ RATE_LIMIT_ENABLED: 'true', LOG_LEVEL: 'info', ...env }, { logStream: log })
  app.get('/work', { config: rateLimit === undefined ? {} : { rateLimit } }, async () => ({}))
  app.get('/bug', async () => {
    throw new Error('a bug')
  })
  await app.ready()
}

const get = (url: string, options: InjectOptions = {}) =>
  app.inject({ url, remoteAddress: '192.0.2.1', ...options })

/** The statuses of so many requests, one after the other. */
async function statuses(count: number, url = '/work', remoteAddress = '192.0.2.1') {
  const found: number[] = []
  for (let i = 0; i < count; i += 1) found.push((await get(url, { remoteAddress })).statusCode)
  return found
}

function limitHeaders({ headers }: LightMyRequestResponse) {
  const names = Object.keys(headers).filter((name) => /ratelimit|retry-after/.test(name))
  return Object.fromEntries(names.map((name) => [name, headers[name]]))
}

test('tells in every response what is left, errors included', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '60', RATE_LIMIT_DEFAULT_WINDOW: '30' })
  expect(limitHeaders(await get('/work'))).toEqual({
    'ratelimit-policy': '"default";q=60;w=30',
    ratelimit: '"default";r=59;t=1',
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '59',
    'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
  })
  for (const [url, status] of Object.entries({ '/bug': 500, '/nowhere': 404 })) {
    const failed = await get(url)
    expect(failed.statusCode).toBe(status)
    expect(Object.keys(limitHeaders(failed))).toHaveLength(5)
  }
})

test.each([
  // The next token comes after 60 s / 3; the window is empty after 60 s.
  ['token-bucket', '20'],
  ['sliding-window', '60'],
] as const)('%s: refuses a request over the limit with a 429', async (algorithm, wait) => {
  await start({}, { limit: 3, window: 60, algorithm })
  expect(await statuses(3)).toEqual([200, 200, 200])
  const refused = await get('/work')
  expectProblem(refused, 429, 'rate-limit-exceeded')
  expect(limitHeaders(refused)).toMatchObject({
    'ratelimit-policy': '"route";q=3;w=60',
    ratelimit: `"route";r=0;t=${wait}`,
    'x-ratelimit-remaining': '0',
    'retry-after': wait,
  })
  expect(log.with('request failed')).toEqual([])
})

test('answers again after Retry-After', async () => {
  await start({}, { limit: 2, window: 10 })
  expect(await statuses(2)).toEqual([200, 200])
  expect((await get('/work')).headers['retry-after']).toBe('5')
  vi.spyOn(performance, 'now').mockReturnValue(1_005_000)
  expect(await statuses(2)).toEqual([200, 429])
})

test('counts a HEAD as a GET, and each route by itself', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '2' })
  expect((await get('/work', { method: 'HEAD' })).headers['x-ratelimit-remaining']).toBe('1')
  expect(await statuses(2)).toEqual([200, 429])
  expect(await statuses(1, '/bug')).toEqual([500])
})

test('limits an address over all routes, unknown paths included', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '3' })
  expect([await statuses(1), await statuses(2, '/nowhere')].flat()).toEqual([200, 404, 404])
  const refused = await get('/work')
  expect(refused.statusCode).toBe(429)
  expect(refused.headers['ratelimit-policy']).toBe('"address";q=3;w=60')
  expect(await statuses(1, '/work', '192.0.2.2')).toEqual([200])
})

test('shows the limit that leaves the fewest requests, whatever their cost', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '8' }, { limit: 20, window: 60, cost: 5 })
  expect((await get('/work')).headers.ratelimit).toBe('"route";r=15;t=3')
  await statuses(5, '/nowhere')
  expect((await get('/work')).headers.ratelimit).toBe('"address";r=1;t=8')
})

test('never limits health checks', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '1', RATE_LIMIT_DEFAULT_LIMIT: '1' })
  expect(await statuses(3, '/health/live')).toEqual([200, 200, 200])
  expect(await statuses(2, '/healthy')).toEqual([404, 429])
})

test.each([
  ['RATE_LIMIT_ENABLED=false', { RATE_LIMIT_ENABLED: 'false' }, undefined],
  ['a route without a limit', { RATE_LIMIT_ADDRESS_LIMIT: '0' }, false],
] as const)('%s: limits nothing', async (_, env, rateLimit) => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '1', ...env }, rateLimit)
  expect(await statuses(2)).toEqual([200, 200])
  expect(limitHeaders(await get('/work'))).toEqual({})
})

test('RATE_LIMIT_MODE=report-only refuses nobody and logs who would have been refused', async () => {
  await start({ RATE_LIMIT_MODE: 'report-only', RATE_LIMIT_DEFAULT_LIMIT: '1' })
  expect(await statuses(2)).toEqual([200, 200])
  expect(limitHeaders(await get('/bug'))).toEqual({})
  expect(log.with('would be rate limited')).toMatchObject([
    { level: 'warn', limit: 'default', route: 'GET /work', client: 'ip:192.0.2.1' },
  ])
})

test('ignores forged forwarding headers', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '2' })
  const forge = async (address: string) => {
    const headers = { 'x-forwarded-for': address, forwarded: `for=${address}` }
    return (await get('/work', { headers })).statusCode
  }
  expect([await forge('203.0.113.1'), await forge('203.0.113.2')]).toEqual([200, 200])
  expect(await forge('203.0.113.3')).toBe(429)
  expect(await statuses(1, '/work', '203.0.113.1')).toEqual([200])
})

test('counts each client behind a trusted proxy', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '1', TRUST_PROXY: '10.0.0.0/8' })
  const through = async (forwarded: string) => {
    const headers = { 'x-forwarded-for': forwarded }
    return (await get('/work', { remoteAddress: '10.0.0.1', headers })).statusCode
  }
  expect([await through('203.0.113.1'), await through('203.0.113.2')]).toEqual([200, 200])
  // The proxy appends the address that it saw; the client wrote what stands before it.
  expect(await through('198.51.100.7, 203.0.113.1')).toBe(429)
  expect(await through('203.0.113.2:4711')).toBe(429)
})

test('metrics show checks, refusals, and what the busiest client has left', async () => {
  await start({}, { limit: 3, window: 60 })
  await statuses(5)
  await statuses(1, '/work', '192.0.2.2')
  const limiter = 'route'
  const metric = (name: string, labels = {}) => measured(app, name, { limiter, ...labels })
  expect(await metric('rate_limit_checks_total', { result: 'allowed' })).toBe(4)
  expect(await metric('rate_limit_checks_total', { result: 'rejected' })).toBe(2)
  expect(await metric('rate_limit_hits_total', { http_route: '/work' })).toBe(2)
  expect(await metric('rate_limit_tracked_keys')).toBe(2)
  expect(await metric('rate_limit_remaining')).toBe(0)
  // Once every counter is full again, there is nobody to show.
  vi.spyOn(performance, 'now').mockReturnValue(1_061_000)
  // lru-cache remembers the time for a millisecond.
  await sleep(5)
  expect(await metric('rate_limit_tracked_keys')).toBe(0)
  await expect(metric('rate_limit_remaining')).rejects.toThrow('There is no rate_limit_remaining')
})
