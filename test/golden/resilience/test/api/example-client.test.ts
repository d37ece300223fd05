import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type Env, loadConfig } from '../../src/config/index.ts'
import { ServiceUnavailableError } from '../../src/http/app-error.ts'
import { testApp } from '../support/app.ts'
import { answer, Callee } from '../support/callee.ts'
import { testClient } from '../support/client.ts'
import { measured } from '../support/metrics.ts'
import { expectProblem } from '../support/problem.ts'

let app: FastifyInstance
let callee: Callee

beforeEach(async () => {
  callee = await new Callee(answer(200, '{"amount":"9.50","currency":"EUR"}')).start()
})

afterEach(() => callee.stop())

/** The service, with a route that asks the example service for a price. */
async function start(env: Env = { EXAMPLE_URL: callee.url }): Promise<void> {
  app = await testApp(env)
  onTestFinished(() => app.close())
  app.get<{ Params: { sku: string } }>('/price/:sku', async (request) => {
    if (!app.exampleClient) throw new ServiceUnavailableError('EXAMPLE_URL is not set.')
    return app.exampleClient.getPrice(request.params.sku, request.signal)
  })
}

test('returns the price', async () => {
  await start()
  const response = await app.inject('/price/a%2Fb')
  expect(response.json()).toEqual({ amount: '9.50', currency: 'EUR' })
  expect(callee.requests).toEqual(['GET /prices/a%2Fb'])
})

test('retries, and returns 503 when the callee stays unavailable', async () => {
  await start()
  callee.answer = answer(503, '', { 'retry-after': '0' })
  expectProblem(await app.inject('/price/a'), 503, 'service-unavailable')
  expect(callee.requests).toHaveLength(3)
})

test('returns 502 for a response that is not a price', async () => {
  await start()
  callee.answer = answer(200, '{"amount":9.5}')
  expectProblem(await app.inject('/price/a'), 502, 'bad-gateway')
})

test('returns 502 while the callee is down, then 503 when the circuit has opened', async () => {
  await start({ EXAMPLE_URL: callee.url, CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3' })
  await callee.stop()
  expectProblem(await app.inject('/price/a'), 502, 'bad-gateway')
  expectProblem(await app.inject('/price/a'), 503, 'circuit-breaker-open')
})

test('without EXAMPLE_URL there is no client', async () => {
  await start({})
  const problem = expectProblem(await app.inject('/price/a'), 503, 'service-unavailable')
  expect(problem.detail).toBe('EXAMPLE_URL is not set.')
})

test.each([
  'prices.internal',
  'ftp://prices.internal',
  'https://user:secret@prices.internal',
  'https://prices.internal?a=b',
  'http://prices.internal:99999',
])('EXAMPLE_URL=%s is refused', (url) => {
  expect(() => loadConfig({ NODE_ENV: 'test', EXAMPLE_URL: url })).toThrow('EXAMPLE_URL')
})

test('metrics show retries and the requests to the callee', async () => {
  await start()
  let requests = 0
  callee.answer = (request, response) => {
    requests += 1
    answer(requests === 1 ? 503 : 200, '{"amount":"1","currency":"EUR"}')(request, response)
  }
  await app.inject('/price/a')
  callee.answer = answer(503)
  await app.inject('/price/a')
  const requested = (name: string, labels = {}) =>
    measured(app, `external_service_${name}`, { service_name: 'example', ...labels })
  expect(await requested('calls_total', { outcome: 'success', status_class: '2xx' })).toBe(1)
  expect(await requested('calls_total', { outcome: 'failure', status_class: '5xx' })).toBe(4)
  expect(await requested('errors_total', { error_type: 'status' })).toBe(4)
  expect(await requested('in_flight')).toBe(0)
  const operation = 'example'
  expect(await measured(app, 'retry_attempts_total', { operation })).toBe(3)
  expect(await measured(app, 'retry_success_after_failure_total', { operation })).toBe(1)
  expect(await measured(app, 'retry_exhausted_total', { operation })).toBe(1)
})

test('a check of prices shows in the metrics of the business', async () => {
  await start()
  callee.answer = ({ url }, response) => {
    response.end(`{"amount":"${url?.endsWith('free') ? 0 : 1}","currency":"EUR"}`)
  }
  const client = await testClient(app)
  const response = await client.get('/price-checks?sku=a&sku=free')
  expect(response.json().data).toEqual([
    { sku: 'a', ok: true },
    { sku: 'free', ok: false },
  ])
  callee.answer = answer(404)
  await client.get('/price-checks?sku=unknown')
  const records = { operation: 'check_price', status: 'success' }
  expect(await measured(app, 'data_records_processed_total', records)).toBe(2)
  expect(await measured(app, 'data_quality_issues_total')).toBe(1)
  expect(await measured(app, 'feature_usage_total', { feature_name: 'price_checks' })).toBe(2)
  expect(await measured(app, 'feature_errors_total', { error_type: 'status' })).toBe(1)
})
