import { expect, test } from 'vitest'
import { mapResilienceError } from '../../../src/resilience/app-errors.ts'
import {
  BulkheadFullError,
  CircuitOpenError,
  HttpStatusError,
  TimeoutError,
} from '../../../src/resilience/errors.ts'

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test.each([
  ['an open circuit', new CircuitOpenError('payments', 12_001), 503, '13'],
  ['one whose trial is due', new CircuitOpenError('payments', 0), 503, '1'],
  ['a full bulkhead', new BulkheadFullError(1, 1), 503, '1'],
  ['a status that may pass', new HttpStatusError('GET http://a/', 500), 503, '5'],
  ['one with a wait', new HttpStatusError('GET http://a/', 429, 20_000), 503, '20'],
  ['one with an absurd wait', new HttpStatusError('GET http://a/', 503, 1e30), 503, '3600'],
  ['no connection', new TypeError('fetch failed', { cause: refused }), 503, '5'],
  ['a timeout', new TimeoutError(100), 504, undefined],
])('%s', (_name, error, status, retryAfter) => {
  const mapped = mapResilienceError(error)
  expect(mapped).toMatchObject({ status, cause: error })
  expect(mapped?.headers['retry-after']).toBe(retryAfter)
  expect(mapped?.message).not.toMatch(/payments|http:/)
})

test('an open circuit has a problem type of its own', () => {
  const mapped = mapResilienceError(new CircuitOpenError('payments', 1))
  expect(mapped?.type).toBe('/errors/circuit-breaker-open')
})

test.each([
  ['a status that blames this service', new HttpStatusError('GET http://a/', 404)],
  ['a connection that is not of fetch', refused],
  ['a fault of the program', new TypeError('x is not a function')],
  ['no error', 'down'],
])('%s is left to others', (_name, error) => {
  expect(mapResilienceError(error)).toBeUndefined()
})
