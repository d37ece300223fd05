import type { FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { CircuitOpenError } from '../../src/resilience/circuit-breaker.ts'
import {
  ConnectionError,
  HttpStatusError,
  InvalidResponseError,
} from '../../src/resilience/http-client.ts'
import { BulkheadFullError, TimeoutError } from '../../src/resilience/policy.ts'
import { testApp } from '../support/app.ts'
import { testClient } from '../support/client.ts'
import { LogLines } from '../support/log.ts'
import { measured } from '../support/metrics.ts'
import { expectProblem } from '../support/problem.ts'

let app: FastifyInstance

/** The service, with a circuit `payments` and a route whose every call fails. */
async function start(env: Env = {}, log = new LogLines()) {
  app = await testApp(env, { logStream: log })
  onTestFinished(() => app.close())
  const breaker = app.createBreaker('payments')
  app.get('/pay', () => breaker.execute(() => Promise.reject(new TimeoutError())))
  return testClient(app)
}

async function statusesOf(calls: number): Promise<number[]> {
  const statuses: number[] = []
  while (statuses.length < calls) statuses.push((await app.inject('/pay')).statusCode)
  return statuses
}

test('lists circuits and closes one', async () => {
  const log = new LogLines()
  const client = await start({ LOG_LEVEL: 'info', CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1' }, log)
  await statusesOf(2)
  expect(log.with('circuit open')).toMatchObject([{ circuit: 'payments', from: 'closed' }])
  const { data } = (await client.get('/circuit-breakers')).json()
  const payments = data.find(({ name }: { name: string }) => name === 'payments')
  expect(payments).toMatchObject({
    state: 'open',
    totals: { success: 0, failure: 1, ignored: 0, rejected: 1 },
  })
  expect(payments.retryAfterMs).toBeGreaterThan(1_000)

  const reset = await client.post('/circuit-breakers/payments/reset')
  expect(reset.statusCode).toBe(200)
  expect(reset.json()).toMatchObject({ state: 'closed', retryAfterMs: 0 })
  expect(log.with('circuit reset')).toMatchObject([{ circuit: 'payments' }])
})

test('metrics show the state of a circuit and its calls', async () => {
  await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '2' })
  const metric = (name: string, labels = {}) =>
    measured(app, `circuit_breaker_${name}`, { circuit_name: 'payments', ...labels })
  expect(await metric('state')).toBe(0)
  await statusesOf(3)
  expect(await metric('state')).toBe(2)
  expect(await metric('failures_total', { error_type: 'timeout' })).toBe(2)
  expect(await metric('rejected_total')).toBe(1)
  expect(await metric('state_changes_total', { from_state: 'closed', to_state: 'open' })).toBe(1)
  expect(await metric('call_duration_seconds_count')).toBe(2)
})

test('returns 404 for a circuit that does not exist', async () => {
  const client = await start()
  expectProblem(await client.post('/circuit-breakers/stock/reset'), 404, 'not-found')
})

test('creates each circuit once', async () => {
  await start()
  expect(() => app.createBreaker('payments')).toThrow('payments exists already')
})

test('CIRCUIT_BREAKER_FAILURE_THRESHOLD: so many failures open a circuit', async () => {
  await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3' })
  expect(await statusesOf(4)).toEqual([504, 504, 504, 503])
})

test('CIRCUIT_BREAKER_RECOVERY_TIMEOUT: clients are told when to return', async () => {
  await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1', CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '30' })
  await statusesOf(1)
  const response = await app.inject('/pay')
  expectProblem(response, 503, 'circuit-breaker-open')
  expect(response.headers['retry-after']).toBe('30')
})

describe('a failed call', () => {
  let failure: Error

  beforeAll(async () => {
    app = await testApp()
    app.get('/fail', () => Promise.reject(failure))
    return () => app.close()
  })

  const status = (code: number, retryAfterMs?: number) =>
    new HttpStatusError('GET http://callee/', code, retryAfterMs)

  test.each<[string, number, string, string | undefined, Error]>([
    [
      'an open circuit',
      503,
      'circuit-breaker-open',
      '12',
      new CircuitOpenError('payments', 11_001),
    ],
    ['a full bulkhead', 503, 'service-unavailable', '1', new BulkheadFullError()],
    ['a 503 of the callee', 503, 'service-unavailable', '5', status(503)],
    ['a 429 with Retry-After', 503, 'service-unavailable', '20', status(429, 20_000)],
    ['a 500 of the callee', 502, 'bad-gateway', undefined, status(500)],
    ['a lost connection', 502, 'bad-gateway', undefined, new ConnectionError()],
    ['a response that is not JSON', 502, 'bad-gateway', undefined, new InvalidResponseError()],
    ['a timeout', 504, 'gateway-timeout', undefined, new TimeoutError()],
    ['a 404 of the callee', 500, 'internal-error', undefined, status(404)],
    ['an error of our own code', 500, 'internal-error', undefined, new TypeError('oops')],
  ])('through %s is a %i', async (_name, code, type, retryAfter, error) => {
    failure = error
    const response = await app.inject('/fail')
    expectProblem(response, code, type)
    expect(response.headers['retry-after']).toBe(retryAfter)
    expect(response.body).not.toMatch(/payments|callee/)
  })
})
