import { DrizzleQueryError } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { DatabaseUnreachableError, mapDatabaseError, sqlState } from '../../src/db/errors.ts'

function postgresError(code: string, detail?: string): Error {
  return Object.assign(new Error('secret'), { code, detail, severity: 'ERROR' })
}

const wrapped = (cause: Error) => new DrizzleQueryError('SELECT secret', ['secret'], cause)
const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })

test.each([
  ['Key (first_name, sku)=(secret, secret) already exists.', 'firstName and sku'],
  ['Key (lower(email))=(secret) already exists.', 'value'],
  ['Der Schlüssel ist doppelt.', 'value'],
])('returns 409 for a duplicate: %s', (detail, what) => {
  expect(mapDatabaseError(postgresError('23505', detail))).toMatchObject({
    status: 409,
    message: `Another record has the same ${what}.`,
  })
})

test.each([
  [
    'Key (category_id)=(secret) is not present in table "categories".',
    'The record that categoryId refers to does not exist.',
  ],
  [
    'Key (id)=(secret) is still referenced from table "products".',
    'Other records still refer to this one.',
  ],
  [undefined, 'The record that a value refers to does not exist.'],
])('returns 409 for a broken reference: %s', (detail, message) => {
  expect(mapDatabaseError(postgresError('23503', detail))).toMatchObject({ status: 409, message })
})

test.each(['22021', '22P05', '23514', '54000'])('returns 422 for SQLSTATE %s', (code) => {
  const error = wrapped(postgresError(code))
  const mapped = mapDatabaseError(error)
  expect(mapped).toMatchObject({ status: 422, cause: error })
  expect(JSON.stringify(mapped?.extra)).toMatch(/A (text|value) /)
})

test.each(['08006', '25006', '40001', '40P01', '53300', '55P03', '57014', '57P01'])(
  'returns 503 for SQLSTATE %s',
  (code) => {
    const expected = { status: 503, headers: { 'retry-after': '5' } }
    expect(mapDatabaseError(wrapped(postgresError(code)))).toMatchObject(expected)
  },
)

test.each([
  new DatabaseUnreachableError({ host: 'db', database: 'app' }, refused),
  wrapped(refused),
  wrapped(new Error('Connection terminated unexpectedly')),
  wrapped(new Error('timeout exceeded when trying to connect')),
])('returns 503 without a connection: $message', (error) => {
  expect(mapDatabaseError(error)).toMatchObject({ status: 503, cause: error })
})

test.each(['22P02', '22003', '22007', '22012', '23502', '42P01'])(
  'returns 500 for SQLSTATE %s, a fault of the service',
  (code) => {
    const error = wrapped(postgresError(code))
    expect(mapDatabaseError(error)).toMatchObject({
      status: 500,
      message: `A statement failed with SQLSTATE ${code}.`,
      cause: error,
    })
  },
)

test('returns 500 for a value that Drizzle cannot pass on', () => {
  expect(mapDatabaseError(wrapped(new TypeError('no date')))).toMatchObject({ status: 500 })
})

test.each([
  ['another service that refuses a connection', refused],
  ['any other error', new Error('no')],
  ['a value that is not an error', 'no'],
])('leaves %s to others', (_name, error) => {
  expect(mapDatabaseError(error)).toBeUndefined()
})

test('finds the SQLSTATE of a wrapped error', () => {
  expect(sqlState(wrapped(postgresError('40P01')))).toBe('40P01')
  expect(sqlState(new Error('no'))).toBeUndefined()
})
