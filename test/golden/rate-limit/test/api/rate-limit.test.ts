import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import type { RateLimit } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { expectProblem } from '../support/problem.ts'

const on = { RATE_LIMIT_ENABLED: 'true' }
let app: FastifyInstance
let log: LogLines

beforeEach(() => {
  log = new LogLines()
})
afterEach(() => {
  vi.restoreAllMocks()
  return app.close()
})

/** The service with a route `/work` that declares `rateLimit`. */
async function start(env: Env = {}, rateLimit?: RateLimit): Promise<void> {
  app = await testApp({ ...on, LOG_LEVEL: 'info', ...env }, { logStream: log })
  app.get('/work', { config: { ...(rateLimit !== undefined && { rateLimit }) } }, async () => ({}))
  app.get('/bug', async () => {
    throw new Error('a bug')
  })
  await app.ready()
  stopTime()
}

/** However slow the machine is, nothing comes back while a test counts. */
function stopTime(): void {
  vi.spyOn(performance, 'now').mockReturnValue(performance.now())
}

/** Statuses of so many requests, one after the other. */
async function ask(count: number, url = '/work', remoteAddress = '192.0.2.1') {
  const statuses: number[] = []
  for (let request = 0; request < count; request += 1) {
    statuses.push((await app.inject({ url, remoteAddress })).statusCode)
  }
  return statuses
}

function limitHeaders({ headers }: LightMyRequestResponse) {
  const names = Object.keys(headers).filter((name) => /ratelimit|retry-after/.test(name))
  return Object.fromEntries(names.map((name) => [name, headers[name]]))
}

test('every answer says what is left, in the standard headers and in those with X-', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '60' })
  const before = Math.floor(Date.now() / 1_000)
  const response = await app.inject('/work')
  expect(limitHeaders(response)).toEqual({
    'ratelimit-policy': '"default";q=60;w=60',
    ratelimit: '"default";r=59;t=1',
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '59',
    'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
  })
  const reset = Number(response.headers['x-ratelimit-reset'])
  expect(reset).toBeGreaterThan(before)
  expect(reset).toBeLessThanOrEqual(before + 3)
})

test.each([
  // The next token comes after 60 s / 3; the window is free again after 60 s.
  ['token-bucket', '20'],
  ['sliding-window', '60'],
])('%s: too much is a 429 problem that says when to come back', async (algorithm, wait) => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '3', RATE_LIMIT_ALGORITHM: algorithm })
  expect(await ask(3)).toEqual([200, 200, 200])
  const refused = await app.inject({ url: '/work', remoteAddress: '192.0.2.1' })
  expectProblem(refused, 429, 'rate-limit-exceeded')
  expect(limitHeaders(refused)).toEqual({
    'ratelimit-policy': '"default";q=3;w=60',
    ratelimit: `"default";r=0;t=${wait}`,
    'x-ratelimit-limit': '3',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
    'retry-after': wait,
  })
  expect(log.with('request failed')).toEqual([])
})

test('after Retry-After the request is answered', async () => {
  await start({}, { limit: 2, window: 10 })
  const begin = performance.now()
  expect(await ask(2)).toEqual([200, 200])
  const refused = await app.inject({ url: '/work', remoteAddress: '192.0.2.1' })
  const wait = Number(refused.headers['retry-after'])
  expect(wait).toBe(5)
  vi.spyOn(performance, 'now').mockReturnValue(begin + wait * 1_000 - 1)
  expect(await ask(1)).toEqual([429])
  vi.spyOn(performance, 'now').mockReturnValue(begin + wait * 1_000)
  expect(await ask(2)).toEqual([200, 429])
})

test('errors have the headers too', async () => {
  await start()
  for (const [url, status] of [
    ['/bug', 500],
    ['/nowhere', 404],
  ] as const) {
    const response = await app.inject(url)
    expect(response.statusCode).toBe(status)
    expect(Object.keys(limitHeaders(response))).toHaveLength(5)
  }
})

test('a HEAD counts as a GET', async () => {
  await start({}, { limit: 3, window: 60 })
  const head = await app.inject({ method: 'HEAD', url: '/work' })
  expect(head.headers['x-ratelimit-remaining']).toBe('2')
  expect((await app.inject('/work')).headers['x-ratelimit-remaining']).toBe('1')
})

test('each route has a counter of its own', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '1' })
  expect(await ask(2)).toEqual([200, 429])
  expect(await ask(2, '/bug')).toEqual([500, 429])
})

test('RATE_LIMIT_ADDRESS_LIMIT bounds an address over all routes, and what is not there', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '3', RATE_LIMIT_ADDRESS_WINDOW: '30' })
  const statuses = [await ask(1), await ask(1, '/bug'), await ask(2, '/nowhere'), await ask(1)]
  expect(statuses.flat()).toEqual([200, 500, 404, 429, 429])
  const refused = await app.inject({ url: '/work', remoteAddress: '192.0.2.1' })
  expect(refused.headers).toMatchObject({
    'ratelimit-policy': '"address";q=3;w=30',
    'retry-after': '10',
  })
  expect(await ask(1, '/work', '192.0.2.2')).toEqual([200])
})

test('where both limits apply the headers are those of the tighter one', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '6' }, { limit: 5, window: 60 })
  await ask(2, '/nowhere')
  const policies = []
  for (let request = 0; request < 2; request += 1) {
    const { headers } = await app.inject({ url: '/work', remoteAddress: '192.0.2.1' })
    policies.push([headers['ratelimit-policy'], headers['x-ratelimit-remaining']])
  }
  expect(policies).toEqual([
    ['"address";q=6;w=60', '3'],
    ['"address";q=6;w=60', '2'],
  ])
  const other = await app.inject({ url: '/work', remoteAddress: '192.0.2.2' })
  expect(other.headers['ratelimit-policy']).toBe('"route";q=5;w=60')
})

test('tighter is the limit with fewer requests left, not with fewer units', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '8' }, { limit: 20, window: 60, cost: 5 })
  const { headers } = await app.inject('/work')
  expect(headers['ratelimit-policy']).toBe('"route";q=20;w=60')
  expect(headers.ratelimit).toBe('"route";r=15;t=3')
})

test('a request meets the limit of addresses before anything that costs time', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '1' }, false)
  const names = [...app.printPlugins().matchAll(/^[├└]─[─┬] ([\w-]+) /gm)].map((match) => match[1])
  const flow = ['load-shedding', 'address-limit', 'timing', 'health', 'redis', 'route-limit']
  expect(names.filter((name) => flow.includes(name ?? ''))).toEqual(flow)
})

test('0 is no limit for addresses', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '0' }, false)
  const response = await app.inject('/work')
  expect(limitHeaders(response)).toEqual({})
})

test('RATE_LIMIT_ENABLED=false: nothing is limited, counted or offered', async () => {
  await start({ RATE_LIMIT_ENABLED: 'false', RATE_LIMIT_DEFAULT_LIMIT: '1' })
  expect(await ask(3)).toEqual([200, 200, 200])
  expect(limitHeaders(await app.inject('/work'))).toEqual({})
  expect(app).not.toHaveProperty('rateLimits')
})

test('RATE_LIMIT_EXEMPT_PATHS, with everything below, are not limited', async () => {
  const tight = { RATE_LIMIT_DEFAULT_LIMIT: '1', RATE_LIMIT_ADDRESS_LIMIT: '1' }
  await start(tight)
  expect(await ask(3, '/health/live')).toEqual([200, 200, 200])
  await app.close()
  await start({ ...tight, RATE_LIMIT_EXEMPT_PATHS: '/work' })
  expect(await ask(3)).toEqual([200, 200, 200])
  expect(await ask(2, '/health/live')).toEqual([200, 429])
})

test('RATE_LIMIT_MODE=report-only refuses nobody, shows nothing, and logs each', async () => {
  await start({ RATE_LIMIT_MODE: 'report-only', RATE_LIMIT_DEFAULT_LIMIT: '1' })
  expect(await ask(3)).toEqual([200, 200, 200])
  expect(limitHeaders(await app.inject('/work'))).toEqual({})
  expect(log.with('would be rate limited')).toMatchObject([
    { level: 'warn', limit: 'default', scope: 'GET /work', client: 'ip:192.0.2.1' },
    { client: 'ip:192.0.2.1' },
  ])
})

test('a forged X-Forwarded-For neither escapes a limit nor uses up that of others', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '2' })
  const forge = (address: string) =>
    app.inject({
      url: '/work',
      remoteAddress: '192.0.2.1',
      headers: { 'x-forwarded-for': address, forwarded: `for=${address}`, 'x-real-ip': address },
    })
  const statuses = []
  for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
    statuses.push((await forge(address)).statusCode)
  }
  expect(statuses).toEqual([200, 200, 429])
  expect(await ask(2, '/work', '203.0.113.1')).toEqual([200, 200])
})

test('nor does it escape the limit of addresses', async () => {
  await start({ RATE_LIMIT_ADDRESS_LIMIT: '1' })
  const statuses = []
  for (const address of ['203.0.113.1', '203.0.113.2']) {
    const headers = { 'x-forwarded-for': address }
    statuses.push((await app.inject({ url: '/nowhere', headers })).statusCode)
  }
  expect(statuses).toEqual([404, 429])
})

test('TRUST_PROXY: behind a trusted proxy each client counts, and none can forge', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '1', TRUST_PROXY: '10.0.0.0/8' })
  const through = async (forwarded: string) => {
    const headers = { 'x-forwarded-for': forwarded }
    return (await app.inject({ url: '/work', remoteAddress: '10.0.0.1', headers })).statusCode
  }
  // A proxy appends the address that it saw: what stands before it is the client's own word.
  expect(await through('203.0.113.1')).toBe(200)
  expect(await through('203.0.113.2')).toBe(200)
  expect(await through('198.51.100.7, 203.0.113.1')).toBe(429)
  // Some proxies append the port too.
  expect(await through('203.0.113.2:4711')).toBe(429)
  expect(await through('203.0.113.3:4711')).toBe(200)
  expect(await through('[2001:db8::1]:4711')).toBe(200)
  expect(await through('[2001:db8::2]:4712')).toBe(429)
})

test('all addresses of an IPv6 network are one client', async () => {
  await start({ RATE_LIMIT_DEFAULT_LIMIT: '1' })
  expect(await ask(1, '/work', '2001:db8:1:2::1')).toEqual([200])
  expect(await ask(1, '/work', '2001:db8:1:2:ffff::1')).toEqual([429])
  expect(await ask(1, '/work', '2001:db8:1:3::1')).toEqual([200])
})
