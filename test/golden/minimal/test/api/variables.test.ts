import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { prettyStream } from '../../src/observability/logger.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'

// What each variable changes. HOST, PORT and those of the shutdown: test/integration/server.test.ts;
// WORKERS: cluster.test.ts beside it. CORS_* and OVERLOAD_*: cors.test.ts and load-shedding.test.ts.

const apps: FastifyInstance[] = []

async function start(env: Env, log = new LogLines()) {
  const app = await testApp(env, { logStream: log })
  apps.push(app)
  return app
}

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()))
})

test('NODE_ENV: production closes the documentation', async () => {
  const open = await start({ NODE_ENV: 'development' })
  expect((await open.inject('/openapi.json')).statusCode).toBe(200)
  const closed = await start({ NODE_ENV: 'production' })
  expect((await closed.inject('/openapi.json')).statusCode).toBe(404)
  expect((await closed.inject('/docs')).statusCode).toBe(404)
})

test('DOCS_ENABLED opens it again', async () => {
  const app = await start({ NODE_ENV: 'production', DOCS_ENABLED: 'true' })
  expect((await app.inject('/docs')).statusCode).toBe(200)
})

test('APP_DEBUG shows the message of an unexpected error', async () => {
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

test('LOG_PRETTY decides about the form on a terminal', async () => {
  const plain = await start({ NODE_ENV: 'development', LOG_PRETTY: 'false' })
  expect(await prettyStream(plain.config.logging, true)).toBeUndefined()
  const pretty = await start({ NODE_ENV: 'production', LOG_PRETTY: 'true' })
  expect(await prettyStream(pretty.config.logging, true)).toBeDefined()
})

test('API_PREFIX is where the resources are', async () => {
  const log = new LogLines()
  await start({ API_PREFIX: '/v9', LOG_LEVEL: 'debug' }, log)
  expect(log.with('mounting resources')).toMatchObject([{ prefix: '/v9' }])
})

test('BODY_LIMIT bounds what is read', async () => {
  const payload = { text: 'x'.repeat(50) }
  const small = await start({ BODY_LIMIT: '50' })
  const large = await start({ BODY_LIMIT: '500' })
  expect((await small.inject({ method: 'POST', url: '/', payload })).statusCode).toBe(413)
  expect((await large.inject({ method: 'POST', url: '/', payload })).statusCode).toBe(404)
})

test.each([
  [{}, 'max-age=31536000; includeSubDomains'],
  [{ NODE_ENV: 'development' }, undefined],
  [{ HSTS_MAX_AGE: '60', HSTS_SUBDOMAINS: 'false' }, 'max-age=60'],
  [{ HSTS_PRELOAD: 'true' }, 'max-age=31536000; includeSubDomains; preload'],
])('HSTS_*: %j says %s about HTTPS', async (env: Env, value) => {
  const app = await start({ NODE_ENV: 'production', ...env })
  const { headers } = await app.inject('/health/live')
  expect(headers['strict-transport-security']).toBe(value)
})

test('REFERRER_POLICY is what browsers are told', async () => {
  const app = await start({ REFERRER_POLICY: 'same-origin' })
  expect((await app.inject('/nowhere')).headers['referrer-policy']).toBe('same-origin')
})

test('TIMING_HEADERS: false tells no times', async () => {
  const app = await start({ TIMING_HEADERS: 'false' })
  const { headers } = await app.inject('/health/live')
  expect(headers).not.toHaveProperty('server-timing')
  expect(headers).not.toHaveProperty('x-process-time')
})

test.each([
  [undefined, '127.0.0.1'],
  ['10.0.0.0/8', '127.0.0.1'],
  ['loopback', '203.0.113.9'],
])('TRUST_PROXY=%s believes that the client is %s', async (trusted, ip) => {
  const log = new LogLines()
  const app = await start({ LOG_LEVEL: 'info', TRUST_PROXY: trusted }, log)
  await app.inject({ url: '/nowhere', headers: { 'x-forwarded-for': '203.0.113.9' } })
  expect(log.lines).toMatchObject([{ client_ip: ip }])
})

test('REQUEST_TIMEOUT_MS bounds how long a request may arrive', async () => {
  const app = await start({ REQUEST_TIMEOUT_MS: '1234' })
  expect(app.server.requestTimeout).toBe(1234)
})
