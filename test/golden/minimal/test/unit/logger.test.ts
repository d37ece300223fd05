import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/index.ts'
import { formatError, serializeError } from '../../src/observability/error-serializer.ts'
import { loggerOptions, readable } from '../../src/observability/logger.ts'
import { PIIMasker } from '../../src/observability/pii-masker.ts'
import { explainStartup, StartupError } from '../../src/startup-error.ts'
import { LogLines } from '../support/log.ts'

/** An error as PostgreSQL drivers and Drizzle make it. */
function databaseError(): Error {
  const cause = Object.assign(new Error('duplicate key value violates unique constraint "users"'), {
    code: '23505',
    severity: 'ERROR',
    detail: 'Key (email)=(ada@example.com) already exists.',
    where: 'COPY users, line 1: "ada@example.com"',
    parameters: ['ada@example.com'],
  })
  const query = 'insert into users values ($1)'
  const message = `Failed query: ${query}\nparams: ada@example.com`
  return Object.assign(new Error(message, { cause }), { query, params: ['ada@example.com'] })
}

const wrapped = new Error('wrapped', { cause: new Error('again', { cause: databaseError() }) })

describe('a logged error', () => {
  const log = new LogLines()
  const logger = pino(loggerOptions(loadConfig({}), new PIIMasker()), log)

  test.each([
    ['by itself', databaseError()],
    ['as a cause', wrapped],
    ['in an aggregate', new AggregateError([wrapped, databaseError()], 'several')],
  ])('of the database has no values %s', (_where, error) => {
    logger.error(error)
    logger.error({ err: error })
    logger.error({ error }, 'not the usual name')
    logger.error({ err: error }, error.message)
    logger.fatal({ err: error }, 'crashed')
    const text = JSON.stringify(log.lines.splice(0)) + formatError(error) + explainStartup(error)
    expect(text).toContain('duplicate key value violates unique constraint')
    expect(text).toContain('23505')
    expect(text).not.toContain('ada@example.com')
  })

  test('of the database has no values wherever else it is', () => {
    const error = databaseError()
    logger.error({ failure: error, results: [{ reason: wrapped }] }, `Not saved: ${error.message}`)
    logger.error({ err: error }, `Not saved: ${error.message}`)
    logger.error('%s and %o', error, wrapped)
    const text = JSON.stringify(log.lines.splice(0))
    expect(text).toContain('duplicate key value violates unique constraint')
    expect(text).not.toContain('ada@')
  })

  test('has its own members and its causes', () => {
    const error = Object.assign(new TypeError('no price', { cause: wrapped.cause }), { sku: 'A1' })
    expect(serializeError(error)).toEqual({
      type: 'TypeError',
      message: 'no price',
      stack: error.stack,
      sku: 'A1',
      cause: expect.objectContaining({ type: 'Error', message: 'again' }),
    })
    expect(formatError(error)).toMatch(/^TypeError: no price\n.*\nCaused by: Error: again\n/s)
  })
})

test('secrets and personal data are masked in messages, members and what child loggers add', () => {
  const log = new LogLines()
  const logger = pino(loggerOptions(loadConfig({}), new PIIMasker()), log)
  const child = logger.child({ user: { email: 'ada@example.com' } })
  child.warn({ body: '{"password":"hunter2"}', at: [{ apiKey: 'hunter2' }] }, 'by %s', 'bob@x.org')
  child.error(new Error('no such user: ada@example.com', { cause: 'token=hunter2' }))
  expect(JSON.stringify(log.lines)).not.toMatch(/hunter2|ada@|bob@/)
  expect(log.lines[0]).toMatchObject({ user: { email: 'a***@example.com' }, msg: 'by b***@x.org' })
})

describe('readable', () => {
  const time = new Date(2026, 0, 2, 12, 3, 4).toISOString()
  const request = { time, level: 'info', method: 'GET', path: '/api/v1/products', status: 200 }

  test('shows a request', () => {
    const line = JSON.stringify({ ...request, duration_ms: 4.2, route: '/x', msg: 'completed' })
    expect(readable(line)).toBe('12:03:04 GET /api/v1/products 200 4 ms\n')
    const body = JSON.stringify({ ...request, duration_ms: 4.2, headers: {}, body: { n: 1 } })
    expect(readable(body)).toBe('12:03:04 GET /api/v1/products 200 4 ms body={"n":1}\n')
  })

  test('shows the stack of a failure', () => {
    const err = serializeError(new Error('broken', { cause: 'no disk' }))
    const line = { ...request, level: 'error', status: 500, duration_ms: 1, err }
    expect(readable(JSON.stringify(line))).toMatch(
      /^12:03:04 GET \/api\/v1\/products 500 1 ms\nError: broken\n +at .+\nCaused by: no disk\n$/s,
    )
  })

  test('shows any other message with its members', () => {
    const line = { time, level: 'warn', service: 'x', migration: '1', n: 2, msg: 'applied' }
    expect(readable(JSON.stringify(line))).toBe('12:03:04 WARN applied migration=1 n=2\n')
  })

  test('sends no control characters to the terminal', () => {
    const line = { ...request, path: '/\u009b31m', duration_ms: 0.1 }
    expect(readable(JSON.stringify(line))).toContain('GET /?31m 200 0 ms')
  })
})

describe('explainStartup', () => {
  test.each([
    ['EADDRINUSE', 'Port 80 of 192.0.2.1 is in use.'],
    ['EADDRNOTAVAIL', "This machine can't listen on 192.0.2.1. Set HOST"],
    ['EACCES', 'Port 80 needs more rights. Set PORT'],
  ])('says what to change for %s', (code, words) => {
    const members = { code, syscall: 'listen', address: '192.0.2.1', port: 80 }
    expect(explainStartup(Object.assign(new Error('listen'), members))).toContain(words)
  })

  test('names a host that cannot be resolved', () => {
    const members = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nowhere.invalid' }
    expect(explainStartup(Object.assign(new Error('x'), members))).toContain('nowhere.invalid')
  })

  test('shows a stack only for an unexpected error', () => {
    expect(explainStartup(new StartupError('Set TOKEN.'))).toBe('Set TOKEN.')
    expect(explainStartup(new TypeError('x'))).toMatch(/^TypeError: x\n +at /)
  })
})
