import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeBetween, parsePage } from '../../src/observability/page-reader.ts'
import { runCommand } from '../support/console.ts'

const durations = 'http_server_request_duration_seconds'
const route = 'http_route="/a"'

/** A page of a service that has answered so many requests fast, slowly and not at all. */
function page(fast: number, slow: number, failed: number): string {
  const good = `${route},http_response_status_code="200"`
  return [
    '# HELP text that is no sample 1',
    `${durations}_bucket{${good},le="0.1"} ${fast}`,
    `${durations}_bucket{${good},le="0.5"} ${fast + slow}`,
    `${durations}_bucket{${good},le="+Inf"} ${fast + slow}`,
    `${durations}_count{${good}} ${fast + slow}`,
    `${durations}_count{${route},http_response_status_code="503"} ${failed}`,
    'http_server_active_requests 3',
    'cpu_usage_percent 12.5',
    'nodejs_eventloop_utilization_ratio 0.1',
    'memory_usage_bytes{type="rss"} 104857600',
    'memory_usage_bytes{type="heap_used"} 52428800',
    'nodejs_heap_size_limit_bytes 524288000',
    'dependency_health{dependency_name="database",critical="true"} 0',
    'circuit_breaker_state{circuit_name="pay\\"ments"} 2',
    'cache_entries{cache_name="app"} 12',
    `cache_hits_total{cache_name="app"} ${fast}`,
    `cache_misses_total{cache_name="app"} ${slow}`,
    '',
  ].join('\n')
}

let server: FastifyInstance
let pages: string[]
const args = (name: string) => {
  const { port } = server.server.address() as AddressInfo
  return ['monitor', name, '--url', `http://127.0.0.1:${port}/`, '--interval', '0.01']
}

beforeEach(async () => {
  pages = [page(100, 0, 0), page(145, 45, 10)]
  server = Fastify()
  server.get('/', async (_request, reply) => {
    const body = pages.shift()
    return body === undefined ? reply.code(503).send() : body
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
})

afterEach(() => server.close())

test('monitor status shows requests, errors, saturation and what is down', async () => {
  const { exitCode, stdout } = await runCommand(args('status'))
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^requests +[\d.]+\/s, 3 in progress$/m)
  expect(stdout).toMatch(/^p50 +100 ms$/m)
  expect(stdout).toMatch(/^server errors +10\.0%, burn rate 10\.0$/m)
  expect(stdout).toMatch(/^cpu +12\.5%$/m)
  expect(stdout).toMatch(/^heap +50 MiB, 10\.0% of the limit$/m)
  expect(stdout).toMatch(/^dependency database +down$/m)
  expect(stdout).toMatch(/^cache app +[\d.]+\/s, 50\.0% hits, 12 in memory$/m)
  expect(stdout).toMatch(/^circuit pay\\"ments +open$/m)
})

test('monitor status takes the objective that burn rates refer to', async () => {
  const { stdout } = await runCommand([...args('status'), '--objective', '99.9'])
  expect(stdout).toMatch(/^server errors +10\.0%, burn rate 100\.0$/m)
})

test.each(['100', '0', 'high'])('monitor status refuses the objective %s', async (objective) => {
  const { exitCode, stderr } = await runCommand([...args('status'), '--objective', objective])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('above 0 and below 100, such as 99.9')
})

test('monitor metrics shows each route, and as JSON', async () => {
  const { stdout } = await runCommand([...args('metrics'), '--json'])
  expect(JSON.parse(stdout)).toMatchObject([{ route: '/a', p50: '100 ms', errors: '10.0%' }])
})

test('monitor says which page it cannot read', async () => {
  pages = []
  const { exitCode, stderr } = await runCommand(args('status'))
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^http:\/\/127.0.0.1:\d+\/ can't be read: it answers 503$/m)
  expect(stderr).toContain('METRICS_PORT')
})

test('a rate goes on after a restart', () => {
  const before = { at: 0, samples: parsePage('calls_total 100\n') }
  const after = { at: 2_000, samples: parsePage('calls_total 10\n') }
  expect(changeBetween(before, after).rate('calls_total')).toBe(5)
})
