import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ServiceUnavailableError, UnauthorizedError } from '../../src/http/app-error.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'

const log = new LogLines()
let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ LOG_LEVEL: 'info' }, { logStream: log })
  app.get('/hello/:name', async () => 'hello')
  app.get('/trace', async ({ trace: { traceparent, isSampled } }) => ({ traceparent, isSampled }))
  app.get('/mine', async () => {
    throw new UnauthorizedError(undefined, undefined, new Error('of another issuer'))
  })
  app.get('/bug', async () => {
    throw new Error('broken')
  })
  app.get('/busy', async () => {
    throw new ServiceUnavailableError('Come back later.')
  })
  app.get('/down', async () => {
    throw new ServiceUnavailableError('No database.', 5, { cause: new Error('refused') })
  })
})

beforeEach(() => {
  log.lines.length = 0
})

afterAll(() => app.close())

test('logs a request as one line, without its query string', async () => {
  const response = await app.inject('/hello/ada?token=hunter2')
  expect(log.lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
      service: expect.any(String),
      request_id: response.headers['x-request-id'],
      trace_id: expect.stringMatching(/^[\da-f]{32}$/),
      method: 'GET',
      path: '/hello/ada',
      route: '/hello/:name',
      status: 200,
      duration_ms: expect.any(Number),
      client_ip: '127.0.0.1',
      msg: 'request completed',
    },
  ])
})

test('masks the path, and replaces a request id that is a secret', async () => {
  const headers = { 'x-request-id': '4111-1111-1111-1234' }
  await app.inject({ url: '/hello/ada@example.com', headers })
  expect(log.lines[0]?.path).toBe('/hello/a***@example.com')
  expect(log.lines[0]?.request_id).toMatch(/^[\da-f-]{36}$/)
})

const traceId = '0af7651916cd43dd8448eb211c80319c'

test.each([
  ['of version 0', `00-${traceId}-b7ad6b7169203331-03`, true],
  ['of a later version', `cc-${traceId}-b7ad6b7169203331-03-more`, true],
  ['with more than version 0 has', `00-${traceId}-b7ad6b7169203331-03-more`, false],
  ['of version ff', `ff-${traceId}-b7ad6b7169203331-03`, false],
  ['in upper case', `00-${traceId.toUpperCase()}-b7ad6b7169203331-03`, false],
  ['without a caller', `00-${traceId}-0000000000000000-03`, false],
  ['of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-03`, false],
])('a traceparent %s is kept with its flags, or starts a new trace', async (_, header, isKept) => {
  const response = await app.inject({ url: '/trace', headers: { traceparent: header } })
  const { traceparent, isSampled } = response.json()
  const kept = `00-${traceId}-b7ad6b7169203331-03`
  const isNew = /^00-(?!0af765)[\da-f]{32}-[\da-f]{16}-02$/
  expect(traceparent).toMatch(isKept ? kept : isNew)
  expect(isSampled).toBe(isKept)
  expect(log.lines[0]?.trace_id).toBe(traceparent.slice(3, 35))
})

test('logs the time in UTC, in milliseconds', () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const times = ['2026-01-02T03:04:05.006Z', '2026-01-02T03:04:05.999Z', '2026-01-02T03:04:06.000Z']
  for (const time of times) {
    vi.setSystemTime(time)
    app.log.info('now')
  }
  vi.useRealTimers()
  expect(log.lines.map(({ time }) => time)).toEqual(times)
})

test('logs an unexpected error at error, with its stack', async () => {
  await app.inject('/bug')
  expect(log.lines).toMatchObject([
    {
      level: 'error',
      status: 500,
      problem: '/errors/internal-error',
      err: { message: 'broken', stack: expect.stringContaining('access-log.test.ts') },
      msg: 'request failed',
    },
  ])
})

test('logs a 503 with a cause at error, one on purpose at warn and without a stack', async () => {
  await app.inject('/down')
  await app.inject('/busy')
  expect(log.lines).toMatchObject([
    { level: 'error', status: 503, err: { message: 'refused' } },
    { level: 'warn', status: 503 },
  ])
  expect(log.lines[1]).not.toHaveProperty('err')
})

test('logs why credentials were refused, which the client is not told', async () => {
  const response = await app.inject('/mine')
  expect(log.lines).toMatchObject([{ status: 401, reason: 'of another issuer' }])
  expect(response.body).not.toContain('issuer')
})

test.each([
  ['/nowhere', 404, '/errors/not-found'],
  ['/%zz', 400, '/errors/bad-request'],
])('logs %s at info', async (url, status, problem) => {
  await app.inject(url)
  expect(log.lines).toMatchObject([{ level: 'info', path: url, status, problem }])
})

test('does not log successful probes, or what the page at /docs loads', async () => {
  await app.inject('/health/live')
  await app.inject('/docs/static/swagger-ui.css')
  expect(log.lines).toEqual([])
})

test('logs a probe during the shutdown without a stack', async () => {
  app.draining.active = true
  await app.inject('/health/ready')
  expect(log.lines).toMatchObject([{ level: 'warn', status: 503 }])
  expect(log.lines[0]).not.toHaveProperty('err')
})
