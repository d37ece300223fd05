import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { neededEnv } from '../support/environment.ts'
import { LogLines } from '../support/log.ts'

// What each variable changes. HOST, PORT, WORKERS and SHUTDOWN_* need a process: see
// test/integration. CORS_*, OVERLOAD_* and PROBLEM_BASE_URI have tests of their own beside this one.

const apps: FastifyInstance[] = []

async function start(env: Env, log = new LogLines()) {
  const app = await testApp(env, { logStream: log })
  apps.push(app)
  return app
}

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()))
})

test('NODE_ENV=production closes the documentation, DOCS_ENABLED opens it', async () => {
  const closed = await start({ NODE_ENV: 'production' })
  for (const url of ['/openapi.json', '/docs', '/errors']) {
    expect((await closed.inject(url)).statusCode, url).toBe(404)
  }
  const open = await start({ NODE_ENV: 'production', DOCS_ENABLED: 'true' })
  expect((await open.inject('/openapi.json')).statusCode).toBe(200)
})

test('APP_DEBUG sends the message of an unexpected error', async () => {
  const app = await start({ APP_DEBUG: 'true' })
  app.get('/bug', async () => {
    throw new Error('the third valve')
  })
  expect((await app.inject('/bug')).json().detail).toBe('the third valve')
})

test.each([
  ['INFO', 1],
  ['warn', 0],
])('LOG_LEVEL=%s writes %i lines for a request', async (level, count) => {
  const log = new LogLines()
  const app = await start({ LOG_LEVEL: level }, log)
  await app.inject('/nowhere')
  expect(log.lines).toHaveLength(count)
})

test('SLOW_REQUEST_MS logs slower requests as warnings', async () => {
  const log = new LogLines()
  const app = await start({ LOG_LEVEL: 'info', SLOW_REQUEST_MS: '5' }, log)
  app.get('/slow', async () => new Promise((resolve) => setTimeout(resolve, 10, 'done')))
  await app.inject('/slow')
  expect(log.with('slow request')).toMatchObject([{ level: 'warn', path: '/slow', status: 200 }])
})

test.each([
  ['203.0.113.9', '203.0.113.0'],
  ['2001:db8:1:2::9', '2001:db8:1::'],
  ['2001:db8::9', '2001:db8::'],
])('LOG_CLIENT_IP=truncated logs the network of %s', async (remoteAddress, client_ip) => {
  const log = new LogLines()
  const app = await start({ LOG_LEVEL: 'info', LOG_CLIENT_IP: 'truncated' }, log)
  await app.inject({ url: '/nowhere', remoteAddress })
  expect(log.with('request completed')).toMatchObject([{ client_ip }])
})

test('PII_FIELDS and PII_PATTERNS mask more', async () => {
  const log = new LogLines()
  const PII_PATTERNS = 'employee=EMP-\\d{6}  ticket=T\\d{4,8}'
  const app = await start({ LOG_LEVEL: 'info', PII_FIELDS: 'badge, iban', PII_PATTERNS }, log)
  app.log.info({ Badge: 'b-1' }, 'EMP-123456 has T12345')
  expect(log.lines).toMatchObject([{ Badge: '********', msg: '******** has ********' }])
})

test('a header sets the level of the log for one request, in development only', async () => {
  const headers = { 'x-log-level': 'Debug' }
  for (const [NODE_ENV, levels] of [
    ['development', ['debug', 'info']],
    ['production', []],
  ] as const) {
    const log = new LogLines()
    const app = await start({ ...neededEnv, NODE_ENV, LOG_LEVEL: 'warn' }, log)
    app.get('/debug', async (request) => request.log.debug('details'))
    await app.inject({ url: '/debug', headers })
    await app.inject('/debug')
    await app.inject({ url: '/debug', headers: { 'x-log-level': 'constructor' } })
    expect(log.lines.filter((line) => line.request_id).map(({ level }) => level)).toEqual(levels)
  }
})

test('API_PREFIX is where the resources are', async () => {
  const log = new LogLines()
  await start({ API_PREFIX: '/v9', LOG_LEVEL: 'debug' }, log)
  expect(log.with('mounting resources')).toMatchObject([{ prefix: '/v9' }])
})

test('BODY_LIMIT limits the size of a body', async () => {
  const payload = { text: 'x'.repeat(50) }
  const small = await start({ BODY_LIMIT: '50' })
  const large = await start({ BODY_LIMIT: '500' })
  expect((await small.inject({ method: 'POST', url: '/', payload })).statusCode).toBe(413)
  expect((await large.inject({ method: 'POST', url: '/', payload })).statusCode).toBe(404)
})

test.each([
  ['false', 'max-age=31536000; includeSubDomains'],
  ['true', undefined],
])('APP_DEBUG=%s sends %s as the HSTS header', async (debug, value) => {
  const app = await start({ APP_DEBUG: debug })
  const { headers } = await app.inject('/health/live')
  expect(headers['strict-transport-security']).toBe(value)
})

test.each([
  [undefined, '127.0.0.1'],
  ['10.0.0.0/8', '127.0.0.1'],
  ['loopback', '203.0.113.9'],
])('TRUST_PROXY=%s makes the client %s', async (trusted, ip) => {
  const log = new LogLines()
  const app = await start({ LOG_LEVEL: 'info', TRUST_PROXY: trusted }, log)
  await app.inject({ url: '/nowhere', headers: { 'x-forwarded-for': '203.0.113.9' } })
  expect(log.with('request completed')).toMatchObject([{ client_ip: ip }])
})
