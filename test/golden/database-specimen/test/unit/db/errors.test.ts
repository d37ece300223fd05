import { inspect } from 'node:util'
import { DrizzleQueryError } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { mapDatabaseError, sqlState } from '../../../src/db/errors.ts'

function postgresError(code: string, detail?: string): Error {
  return Object.assign(new Error('secret'), { code, detail, severity: 'ERROR' })
}

function wrapped(cause: Error): Error {
  return new DrizzleQueryError('SELECT secret', ['secret'], cause)
}

test.each([
  [
    '23505',
    'Key (first_name, sku)=(secret, secret) already exists.',
    409,
    'Another record has the same firstName and sku.',
  ],
  [
    '23505',
    'Key (lower(email))=(secret) already exists.',
    409,
    'Another record has the same value.',
  ],
  ['23505', 'Der Schlüssel ist doppelt.', 409, 'Another record has the same value.'],
  [
    '23503',
    'Key (category_id)=(secret) is not present in table "categories".',
    409,
    'There is no record that categoryId refers to.',
  ],
  [
    '23503',
    'Key (id)=(secret) is still referenced from table "products".',
    409,
    'Other records still refer to this one.',
  ],
  ['23503', undefined, 409, 'There is no record that a value refers to.'],
  ['23514', 'Failing row contains (secret).', 422, 'The request is not valid.'],
  ['22001', undefined, 422, 'The request is not valid.'],
  ['40001', undefined, 503, 'The request was in conflict with others at the same time.'],
  ['53300', undefined, 503, 'The database is not available at the moment.'],
  ['57P01', undefined, 503, 'The database is not available at the moment.'],
  ['57014', undefined, 503, 'The database took too long to answer.'],
  ['08006', undefined, 503, 'The database is not available at the moment.'],
])('SQLSTATE %s, %s: %i', (code, detail, status, message) => {
  const error = postgresError(code, detail)
  expect(mapDatabaseError(error)).toMatchObject({ status, message })
  expect(mapDatabaseError(wrapped(error))).toMatchObject({ status, message })
  expect(JSON.stringify(mapDatabaseError(error)?.extra)).not.toContain('secret')
})

test.each([
  Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  new Error('Connection terminated unexpectedly'),
  new Error('timeout exceeded when trying to connect'),
])('without a connection: $message', (error) => {
  expect(mapDatabaseError(error)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
  expect(mapDatabaseError(wrapped(error))).toMatchObject({ status: 503 })
})

test.each([
  ['another service that cannot be reached', new TypeError('fetch failed', { cause: refused() })],
  ['any other error', new Error('no')],
  ['what is no error', 'no'],
])('%s is left to others', (_name, error) => {
  expect(mapDatabaseError(error)).toBeUndefined()
})

test.each([
  ['a fault of a query', wrapped(postgresError('42P01'))],
  ['a division by zero', postgresError('22012')],
  ['a value that Drizzle cannot pass on', wrapped(new TypeError('no date'))],
])('%s is a failure of the service', (_name, error) => {
  expect(mapDatabaseError(error)).toMatchObject({ status: 500 })
})

test.each(['23505', '40001', '42P01'])('SQLSTATE %s: no value gets into a log', (code) => {
  const failed = Object.assign(postgresError(code, 'Failing row contains (a@b.c).'), {
    message: 'refused',
    where: 'a@b.c',
  })
  const error = new DrizzleQueryError('INSERT a@b.c', ['a@b.c'], failed)
  const shown = inspect(mapDatabaseError(error)?.cause, { depth: null, showHidden: true })
  expect(shown).toMatch(/refused/)
  expect(shown).toContain(code)
  expect(shown).not.toContain('a@b.c')
})

function refused(): Error {
  return Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
}

test('finds the SQLSTATE of a wrapped error', () => {
  expect(sqlState(wrapped(postgresError('40P01')))).toBe('40P01')
  expect(sqlState(new Error('no'))).toBeUndefined()
})
