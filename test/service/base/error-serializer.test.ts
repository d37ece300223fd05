import { expect, test } from 'vitest'
import {
  errorMessage,
  formatError,
  serializeError,
} from '../../../src/observability/error-serializer.ts'

const secret = 'hunter2'

/** A PostgreSQL error with a value wherever drivers put one. */
function postgresError(message = 'it failed', code = '23505'): Error {
  const values = Object.fromEntries(
    ['detail', 'hint', 'where', 'internalQuery', 'query', 'sql'].map((name) => [name, secret]),
  )
  const lists = { params: [secret], parameters: [secret], values: [secret], row: { a: secret } }
  return Object.assign(new Error(message), { code, severity: 'ERROR', ...values, ...lists })
}

function drizzleError(cause: Error): Error {
  const members = { query: `select '${secret}'`, params: [secret] }
  return Object.assign(
    new Error(`Failed query: ${members.query}\nparams: ${secret}`, { cause }),
    members,
  )
}

function textOf(error: unknown): string {
  return JSON.stringify(serializeError(error)) + formatError(error) + errorMessage(error)
}

test.each([
  'invalid input syntax for type uuid: "hunter2"',
  'invalid input syntax for type uuid: "hunter2"x"',
  'value "hunter2" is out of range for type integer',
  'date/time field value out of range: "hunter2\nhunter2"',
])('the message %j is shown without its value', (message) => {
  const text = textOf(drizzleError(postgresError(message, '22P02')))
  expect(text).not.toContain(secret)
  expect(text).toContain('…')
})

test('names of columns and constraints stay', () => {
  const message = 'null value in column "email" of relation "users" violates not-null constraint'
  expect(textOf(postgresError(message, '23502'))).toContain('column \\"email\\"')
})

function wrap(error: Error, times: number): Error {
  return times === 0 ? error : new Error(`${times}`, { cause: wrap(error, times - 1) })
}

test.each([1, 5, 17])('%i wrappers keep the values out and show the cause', (depth) => {
  const text = textOf(wrap(drizzleError(postgresError()), depth))
  expect(text).not.toContain(secret)
  expect(text).toContain('it failed')
})

test.each([20, 1_000])('%i wrappers are more than a line shows', (depth) => {
  const text = textOf(wrap(drizzleError(postgresError()), depth))
  expect(text).not.toContain(secret)
  expect(text).toContain('…')
})

test('aggregates of aggregates keep the values out, and stay short', () => {
  let error: Error = drizzleError(postgresError())
  for (let count = 0; count < 30; count += 1) {
    error = new AggregateError(
      Array.from({ length: 30 }, () => error),
      'many',
      { cause: error },
    )
  }
  const text = textOf(error)
  expect(text).not.toContain(secret)
  expect(text.length).toBeLessThan(100_000)
})

test('objects and functions on an error are left out', () => {
  const error = Object.assign(new Error('x'), {
    config: { headers: { authorization: secret } },
    response: new Map([['body', secret]]),
    toJSON: () => secret,
    code: 'E_X',
    count: 1n,
  })
  expect(serializeError(error)).toEqual({
    type: 'Error',
    message: 'x',
    stack: error.stack,
    code: 'E_X',
  })
})

test('a message that was changed after the stack was made hides both', () => {
  const error = drizzleError(postgresError())
  const { stack } = error
  error.message = `Failed query: other ${secret}`
  expect(stack).toContain(secret)
  expect(textOf(error)).not.toContain(secret)
})

test('an error that is its own cause, or that of its cause, is shown once', () => {
  const error = new Error('outer') as Error & { errors?: unknown }
  error.cause = error
  expect(serializeError(error)).toMatchObject({ message: 'outer', cause: '…' })
  error.cause = new Error('inner', { cause: error })
  expect(serializeError(error)).toMatchObject({ cause: { message: 'inner', cause: '…' } })
  error.errors = [error]
  expect(serializeError(error)).toMatchObject({ errors: ['…'] })
})

test.each(['message', 'stack', 'cause', 'errors', 'constructor', 'code', 'severity', 'params'])(
  'a getter of %s that throws is survived',
  (member) => {
    const error = new Error('visible')
    Object.defineProperty(error, member, {
      enumerable: true,
      get() {
        throw new Error(secret)
      },
    })
    expect(serializeError(error)).toMatchObject({ type: 'Error', message: expect.any(String) })
    expect(formatError(error)).not.toContain(secret)
  },
)

test('what cannot be read at all is survived', () => {
  const { proxy, revoke } = Proxy.revocable(new Error('x'), {})
  revoke()
  expect(serializeError(proxy)).toEqual({ type: 'Error', message: 'The error cannot be read.' })
  expect(formatError(proxy)).toContain('cannot be read')
})

test.each([undefined, null, 'text', 0, false])('%j stays as it is', (value) => {
  expect(serializeError(value)).toBe(value)
  expect(formatError(value)).toBe(String(value))
})

test('strange types of members do not throw', () => {
  const error = Object.assign(Object.create(null), { message: Symbol('x'), stack: 1, code: {} })
  expect(serializeError(error)).toEqual({ type: 'Error', message: '' })
})
