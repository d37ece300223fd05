import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { neededEnv } from '../support/environment.ts'
import { measured } from '../support/metrics.ts'

const openMetrics = 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3'
const durations = 'http_server_request_duration_seconds'
let app: FastifyInstance

beforeEach(async () => {
  app = await testApp()
  app.get('/items/:id', async () => ({ ok: true }))
  app.get('/bug', async () => {
    throw new Error('bug')
  })
})

afterEach(() => app.close())

async function page(accept?: string) {
  const { headers, body } = await app.inject({ url: '/metrics', headers: accept ? { accept } : {} })
  return { type: headers['content-type'], body }
}

test.each([
  [openMetrics, 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
  ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'text/plain; version=0.0.4; charset=utf-8'],
  ['application/openmetrics-text;version=0.0.1', 'text/plain; version=0.0.4; charset=utf-8'],
  [undefined, 'text/plain; version=0.0.4; charset=utf-8'],
])('a scrape that accepts %s gets %s', async (accept, type) => {
  expect(await page(accept)).toMatchObject({ type })
})

test('both formats have the same samples, and only OpenMetrics ends with EOF', async () => {
  const namesIn = ({ body }: { body: string }) => body.match(/^\w+/gm)?.sort()
  const open = await page(openMetrics)
  const text = await page()
  expect(namesIn(text)).toEqual(namesIn(open))
  expect(open.body).toMatch(/^# TYPE errors counter$/m)
  expect(open.body).toMatch(/\n# EOF\n$/)
  expect(text.body).toMatch(/^# TYPE errors_total counter$/m)
  expect(text.body).not.toContain('# EOF')
})

test('requests count by their route, whatever path was called', async () => {
  for (const id of ['1', '2', '3']) await app.inject(`/items/${id}`)
  await app.inject('/nowhere')
  await app.inject('/nowhere-else')
  expect(await measured(app, `${durations}_count`, { http_route: '/items/:id' })).toBe(3)
  const unmatched = { http_route: '__unmatched__', http_response_status_code: '404' }
  expect(await measured(app, `${durations}_count`, unmatched)).toBe(2)
  expect(await measured(app, 'http_server_active_requests')).toBe(0)
})

test('probes and scrapes do not count', async () => {
  await app.inject('/health/ready')
  await page()
  await app.inject('/items/1')
  expect(await measured(app, `${durations}_count`)).toBe(1)
})

test('dependencies show their health, although nobody probes', async () => {
  app.healthChecks.add({ name: 'good', critical: true, check: async () => {} })
  app.healthChecks.add({ name: 'bad', critical: false, check: () => Promise.reject(new Error()) })
  const health = (name: string) => measured(app, 'dependency_health', { dependency_name: name })
  expect([await health('good'), await health('bad')]).toEqual([1, 0])
  const good = { dependency_name: 'good' }
  const time = await measured(app, 'dependency_last_success_timestamp_seconds', good)
  expect(Date.now() / 1_000 - time).toBeLessThan(60)
})

test('errors count by the type of the problem', async () => {
  await app.inject('/bug')
  await app.inject('/items/%zz')
  await app.inject('/nowhere')
  expect(await measured(app, 'errors_total')).toBe(3)
  const failed = { http_route: '/bug', error_type: 'internal-error' }
  expect(await measured(app, `${durations}_count`, failed)).toBe(1)
  expect(await measured(app, 'exceptions_unhandled_total', { kind: 'request' })).toBe(1)
  expect(await measured(app, 'malformed_requests_total', { reason: 'url' })).toBe(1)
})

test('a result that the response schema does not allow counts as a kind of its own', async () => {
  const response = { 200: Type.Object({ count: Type.Integer() }) }
  app.get('/wrong', { schema: { response } }, async () => ({ count: 'many' }) as never)
  expect((await app.inject('/wrong')).statusCode).toBe(500)
  expect(await measured(app, 'exceptions_unhandled_total', { kind: 'serialization' })).toBe(1)
  expect(await measured(app, 'exceptions_unhandled_total', { kind: 'request' })).toBe(0)
})

test.each([
  ['sampled', '01', 1],
  ['not sampled', '00', 0],
])('an exemplar leads to the trace of a request that is %s', async (_case, flags, count) => {
  const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
  const traceparent = `00-${trace.traceId}-${trace.spanId}-${flags}`
  await app.inject({ url: '/items/1', headers: { traceparent } })
  const exemplar = ` # {trace_id="${trace.traceId}",span_id="${trace.spanId}"} `
  expect((await page(openMetrics)).body.split(exemplar)).toHaveLength(1 + count)
  expect((await page()).body).not.toContain(trace.traceId)
})

test('production serves the page only if METRICS_ENABLED is set', async () => {
  const production = { ...neededEnv, NODE_ENV: 'production' }
  for (const [METRICS_ENABLED, status] of [
    [undefined, 404],
    ['true', 200],
  ] as const) {
    const service = await testApp({ ...production, METRICS_ENABLED })
    expect((await service.inject('/metrics')).statusCode).toBe(status)
    await service.close()
  }
})

test('GIT_COMMIT is a label of application_info', async () => {
  const service = await testApp({ GIT_COMMIT: 'abc123' })
  expect(await measured(service, 'application_info', { commit: 'abc123' })).toBe(1)
  await service.close()
})

test('SLOW_REQUEST_MS decides which requests are slow', async () => {
  const service = await testApp({ SLOW_REQUEST_MS: '1' })
  service.get('/slow', () => new Promise((resolve) => setTimeout(resolve, 20, { ok: true })))
  await service.inject('/slow')
  expect(await measured(service, 'slow_requests_total', { http_route: '/slow' })).toBe(1)
  await service.close()
})

test('docs/metrics.md lists every metric', async () => {
  const path = fileURLToPath(new URL('../../docs/metrics.md', import.meta.url))
  const written = await readFile(path, 'utf8')
  const tables = app.metrics.groups().map(({ title, definitions }) => {
    const rows = Object.values(definitions).map(({ name, kind, labels, help }) => {
      const names = Object.keys(labels).map((label) => `\`${label}\``)
      return `| \`${name}\` | ${kind} | ${names.join(', ') || 'none'} | ${help} |`
    })
    const head = ['| metric | kind | labels | meaning |', '|---|---|---|---|']
    return `\n## ${title}\n\n${[...head, ...rows].join('\n')}\n`
  })
  const [head = ''] = written.split(/\n(?=## (?!Add))/)
  await expect(head + tables.sort().join('')).toMatchFileSnapshot(path)
})
