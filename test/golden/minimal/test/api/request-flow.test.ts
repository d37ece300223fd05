import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { neededEnv } from '../support/environment.ts'
import { LogLines } from '../support/log.ts'

const origin = 'https://app.example.com'
const uuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const live = '/health/live'
const log = new LogLines()
let app: FastifyInstance

beforeAll(async () => {
  const env = { CORS_ORIGINS: origin, OVERLOAD_EVENT_LOOP_DELAY_MS: '60000', LOG_LEVEL: 'info' }
  app = await testApp(env, { logStream: log })
  app.get('/address', async ({ ip }) => ip)
})

afterAll(() => app.close())

test('plugins are registered in the order of the request flow', async () => {
  await app.ready()
  const names = [...app.printPlugins().matchAll(/^[├└]─[─┬] ([\w-]+) /gm)].map((match) => match[1])
  const flow = [
    'cors',
    'security-headers',
    'request-id',
    'errors',
    'protocol',
    'json-body',
    'not-found',
    'unguarded-routes',
    'draining',
    'load-shedding',
    'timing',
    'openapi',
    'error-pages',
    'health',
  ]
  expect(names.filter((name) => flow.includes(name ?? ''))).toEqual(flow)
})

// Each plugin sets its header when a request passes it, and headers are sent in that order.
test('a request passes plugins in that order', async () => {
  const { headers } = await app.inject({ url: live, headers: { origin, cookie: 'a=1' } })
  const flow = ['access-control-allow-origin', 'cache-control', 'x-request-id', 'server-timing']
  expect(Object.keys(headers).filter((name) => flow.includes(name))).toEqual(flow)
})

test('a preflight is answered by the first plugin', async () => {
  const { headers } = await app.inject({
    method: 'OPTIONS',
    url: live,
    headers: { origin, 'access-control-request-method': 'GET' },
  })
  expect(headers).not.toHaveProperty('x-request-id')
})

test('a request without an id gets a new UUIDv7', async () => {
  const ids = [await app.inject(live), await app.inject(live)].map(
    ({ headers }) => headers['x-request-id'],
  )
  for (const id of ids) expect(id).toMatch(uuidv7)
  expect(ids[0]).not.toBe(ids[1])
})

test('an acceptable id of the caller is kept, any other is replaced', async () => {
  for (const [id, kept] of [
    ['A_b.c-1', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['a b', false],
    ['', false],
  ] as const) {
    const { headers } = await app.inject({ url: live, headers: { 'x-request-id': id } })
    expect(headers['x-request-id'] === id, id).toBe(kept)
  }
})

test('responses tell how long they took', async () => {
  const { headers } = await app.inject('/nowhere')
  const dur = Number(/^app;dur=(\d+\.\d{3})$/.exec(String(headers['server-timing']))?.[1])
  expect(dur).toBeGreaterThan(0)
  expect(Number(headers['x-process-time'])).toBeCloseTo(dur / 1_000, 6)
})

test('responses do not tell that in production', async () => {
  const production = await testApp({ ...neededEnv, NODE_ENV: 'production' })
  const { headers } = await production.inject(live)
  expect(headers).not.toHaveProperty('server-timing')
  expect(headers).not.toHaveProperty('x-process-time')
  await production.close()
})

const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example' }
const warning = /^Ignored X-Forwarded-For .* TRUST_PROXY/

test('a forwarded address from an untrusted peer is ignored, with one warning', async () => {
  for (let count = 0; count < 3; count += 1) {
    const response = await app.inject({ url: '/address', headers: forwarded })
    expect(response.body).toBe('127.0.0.1')
  }
  const warnings = log.lines.filter(({ msg }) => warning.test(String(msg)))
  expect(warnings).toMatchObject([{ level: 'warn', peer: '127.0.0.1' }])
})

test('a forwarded address from a trusted peer counts, without a warning', async () => {
  const lines = new LogLines()
  const env = { TRUST_PROXY: 'loopback', LOG_LEVEL: 'info' }
  const trusting = await testApp(env, { logStream: lines })
  trusting.get('/address', async ({ ip }) => ip)
  const response = await trusting.inject({ url: '/address', headers: forwarded })
  expect(response.body).toBe('203.0.113.9')
  const stranger = { url: '/address', headers: forwarded, remoteAddress: '198.51.100.7' }
  expect(lines.lines.filter(({ level }) => level === 'warn')).toEqual([])
  expect((await trusting.inject(stranger)).body).toBe('198.51.100.7')
  expect(lines.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  await trusting.close()
})
