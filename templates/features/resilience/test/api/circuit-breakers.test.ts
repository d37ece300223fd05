import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { CircuitOpenError, TimeoutError } from '../../src/resilience/errors.ts'
import { testApp } from '../support/app.ts'
import { errorOf } from '../support/calls.ts'
import { testClient } from '../support/client.ts'
import { LogLines } from '../support/log.ts'
import { expectProblem } from '../support/problem.ts'

let app: FastifyInstance

afterEach(() => app.close())

/** The service with a circuit `payments` that one failed call of `/pay` opens. */
async function start(env: Env = {}, log = new LogLines()) {
  app = await testApp({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1', ...env }, { logStream: log })
  const breaker = app.breakers.create('payments')
  app.get('/pay', () => breaker.exec(() => Promise.reject(new TimeoutError(10))))
  return testClient(app)
}

test('a call that takes too long is a 504, an open circuit a 503 that says when to come back', async () => {
  await start({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '30' })
  const slow = await app.inject('/pay')
  expect(slow.statusCode).toBe(504)
  expect(slow.json()).toMatchObject({ status: 504, title: 'Gateway Timeout' })
  const refused = await app.inject('/pay')
  expectProblem(refused, 503, 'circuit-breaker-open')
  expect(refused.headers['retry-after']).toBe('30')
})

test('CIRCUIT_BREAKER_FAILURE_THRESHOLD: as many failures open a circuit', async () => {
  await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3' })
  for (const status of [504, 504, 504, 503]) {
    expect((await app.inject('/pay')).statusCode).toBe(status)
  }
})

test('operators see circuits and close them', async () => {
  const log = new LogLines()
  const client = await start({ LOG_LEVEL: 'info' }, log)
  await app.inject('/pay')
  expect(log.with('circuit opened')).toMatchObject([{ circuit: 'payments', from: 'closed' }])
  const list = await client.get('/circuit-breakers')
  expect(list.json().data).toMatchObject([{ name: 'payments', state: 'open' }])
  expect(list.json().data[0].retry_after_ms).toBeGreaterThan(50_000)

  const reset = await client.post('/circuit-breakers/payments/reset')
  expect(reset.statusCode).toBe(200)
  expect(reset.json()).toMatchObject({
    state: 'closed',
    retry_after_ms: 0,
    totals: { success: 0, failure: 1, unknown: 0, rejected: 0 },
  })
  expect(log.with('circuit reset')).toMatchObject([{ circuit: 'payments' }])
  expect((await app.inject('/pay')).statusCode).toBe(504)
})

test('a circuit that is not there is a 404', async () => {
  const client = await start()
  const response = await client.post('/circuit-breakers/stock/reset')
  expectProblem(response, 404, 'not-found')
})

test('CIRCUIT_BREAKER_ROUTES_ENABLED: in production the routes are closed unless it opens them', async () => {
  const client = await start({ NODE_ENV: 'production' })
  expect((await client.get('/circuit-breakers')).statusCode).toBe(404)
  await app.close()
  const opened = await start({ CIRCUIT_BREAKER_ROUTES_ENABLED: 'true' })
  expect((await opened.get('/circuit-breakers')).statusCode).toBe(200)
  await app.close()
  const closed = await start({ CIRCUIT_BREAKER_ROUTES_ENABLED: 'false' })
  expect((await closed.get('/circuit-breakers')).statusCode).toBe(404)
})

test('each app has circuits of its own', async () => {
  await start()
  const other = await testApp()
  expect(other.breakers.list()).toEqual([])
  await other.close()
  const breaker = app.breakers.get('payments')
  await app.inject('/pay')
  expect(await errorOf(breaker?.exec(() => 1) ?? Promise.resolve())).toBeInstanceOf(
    CircuitOpenError,
  )
})
