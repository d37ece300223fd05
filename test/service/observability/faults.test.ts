import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { openPostgres } from '../../../src/db/client.ts'
import { gracefulStop, type Host } from '../../../src/http/shutdown.ts'
import { testApp } from '../../support/app.ts'
import { emptyDatabase, postgresUrl } from '../../support/database.ts'
import { measured } from '../../support/metrics.ts'
import { RawRequest } from '../../support/raw-request.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { scrape, sumOf } from '../support/scrape.ts'

const patient = { timeout: 60_000, interval: 20 }

let app: FastifyInstance | undefined

afterEach(async () => {
  await app?.close()
  app = undefined
})

async function listening(service: FastifyInstance): Promise<string> {
  app = service
  await service.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(service.server.address() as AddressInfo).port}`
}

/** The service on another database, which it can't migrate. */
function onDatabase(database: ReturnType<typeof openPostgres>) {
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', MIGRATE_ON_START: 'false' }
  return buildApp(loadConfig(env), { database })
}

test('a client that goes away counts, with the time that it waited', async () => {
  const service = await testApp()
  service.get('/never', () => new Promise(() => {}))
  const url = await listening(service)
  const request = new RawRequest(url)
  request.write('GET /never HTTP/1.1\r\nhost: test\r\n\r\n')
  const active = () => measured(service, 'http_server_active_requests')
  await expect.poll(active, patient).toBe(1)
  request.cut()
  await expect.poll(active, patient).toBe(0)
  expect(await measured(service, 'http_requests_aborted_total')).toBe(1)
  const gone = { http_response_status_code: '499', error_type: 'aborted' }
  expect(await measured(service, 'http_server_request_duration_seconds_count', gone)).toBe(1)
})

test.each([
  ['syntax', 'This is not HTTP\r\n\r\n'],
  ['connect', 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n'],
  ['headers_too_large', `GET / HTTP/1.1\r\nhost: test\r\nx: ${'x'.repeat(50_000)}\r\n\r\n`],
])('what cannot be read counts by its reason: %s', async (reason, bytes) => {
  const service = await testApp()
  const request = new RawRequest(await listening(service))
  request.write(bytes)
  await request.all()
  expect(await measured(service, 'malformed_requests_total', { reason })).toBe(1)
  expect(await measured(service, 'malformed_requests_total')).toBe(1)
})

test('hijacked and streamed responses end what is active', async () => {
  const service = await testApp()
  service.get('/hijacked', (_request, reply) => {
    reply.hijack()
    reply.raw.end('ok')
  })
  service.get('/streamed', (_request, reply) => reply.send(new Response('ok').body))
  const url = await listening(service)
  for (const path of ['/hijacked', '/streamed']) {
    expect(await (await fetch(url + path)).text(), path).toBe('ok')
  }
  const active = () => measured(service, 'http_server_active_requests')
  await expect.poll(active, patient).toBe(0)
  expect(await measured(service, 'http_requests_aborted_total')).toBe(0)
})

test('a scheme that a trusted proxy makes up is http', async () => {
  const service = await testApp({ TRUST_PROXY: 'loopback' })
  app = service
  for (const scheme of ['https', 'made-up']) {
    await service.inject({ url: '/nowhere', headers: { 'x-forwarded-proto': scheme } })
  }
  const count = (url_scheme: string) =>
    measured(service, 'http_server_request_duration_seconds_count', { url_scheme })
  expect([await count('https'), await count('http')]).toEqual([1, 1])
})

test.each(['uncaughtException', 'unhandledRejection'])('an %s counts', async (kind) => {
  const service = await testApp()
  app = service
  const host = Object.assign(new EventEmitter(), { exit: vi.fn() }) as unknown as Host
  gracefulStop(service, host)
  ;(host as unknown as EventEmitter).emit('uncaughtExceptionMonitor', new Error('bug'), kind)
  expect(await measured(service, 'exceptions_unhandled_total', { kind })).toBe(1)
})

test.each(['open', 'closed'])('checks without their Redis are errors, failing %s', async (mode) => {
  const service = await testApp({
    RATE_LIMIT_ENABLED: 'true',
    // It would refuse before the limit of the route.
    RATE_LIMIT_ADDRESS_LIMIT: '0',
    RATE_LIMIT_ON_STORE_ERROR: mode,
    REDIS_URL: 'redis://127.0.0.1:1',
  })
  app = service
  service.get('/work', async () => ({}))
  await service.inject('/work')
  const metric = (result: string) =>
    measured(service, 'rate_limit_checks_total', { limiter: 'default', result })
  expect(await metric('error')).toBe(1)
  expect(await metric('allowed')).toBe(mode === 'open' ? 1 : 0)
  expect(await measured(service, 'dependency_health', { dependency_name: 'redis' })).toBe(0)
})

test('a database that is out of reach is an error of the connection', async () => {
  const service = await onDatabase(openPostgres('postgres://127.0.0.1:1/app', 2))
  app = service
  await service.inject('/health/ready')
  expect(await measured(service, 'db_errors_total', { error_type: 'connection' })).toBeGreaterThan(
    0,
  )
  expect(await measured(service, 'dependency_health', { dependency_name: 'database' })).toBe(0)
  expect((await service.inject('/metrics')).statusCode).toBe(200)
})

describe.skipIf(!postgresUrl)('on PostgreSQL', () => {
  test('callers who wait for a connection show, and connections in use', async () => {
    const { client, drop } = await emptyDatabase({}, 1)
    const service = await onDatabase({ ...client, close: async () => {} })
    app = service
    const slow = () => client.query('SELECT pg_sleep(1)')
    const queries = [slow(), slow()]
    const { body } = await service.inject('/metrics')
    expect(body).toMatch(/^db_client_connection_pending_requests\{.*\} [1-9]/m)
    expect(body).toMatch(/^db_client_connection_count\{.*state="used"\} 1$/m)
    expect(body).toMatch(/^db_client_connection_max\{.*\} 1$/m)
    await Promise.all(queries)
    await drop()
  })

  test('statements in transactions count once', async () => {
    const { client, drop } = await emptyDatabase()
    const service = await onDatabase({ ...client, close: async () => {} })
    app = service
    await service.db.transaction((tx) => tx.execute('DELETE FROM pg_class WHERE false'))
    const count = (db_operation_name: string) =>
      measured(service, 'db_client_operation_duration_seconds_count', { db_operation_name })
    expect(await count('BEGIN')).toBe(1)
    expect(await count('DELETE')).toBe(1)
    expect(await count('COMMIT')).toBe(1)
    await drop()
  })
})

test('METRICS_PORT serves the page, also while the service shuts down', async (context) => {
  const server = await ServerProcess.start({ METRICS_PORT: '0', SHUTDOWN_DELAY_MS: '2000' })
  context.onTestFinished(() => server.stop())
  await server.listening()
  const { port } = JSON.parse(await server.line('metrics are served'))
  const url = `http://127.0.0.1:${port}`
  expect(sumOf(await scrape(url), 'shutdown_in_progress')).toBe(0)
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
  for (const [path, method] of [
    ['/', 'GET'],
    ['/metrics', 'POST'],
    ['/metricsX', 'GET'],
  ] as const) {
    expect((await fetch(url + path, { method })).status, `${method} ${path}`).toBe(404)
  }
  server.signal('SIGTERM')
  await server.line('shutting down')
  expect(sumOf(await scrape(url), 'shutdown_in_progress')).toBe(1)
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.stderr).toBe('')
})
