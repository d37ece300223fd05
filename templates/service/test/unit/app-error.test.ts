import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as errors from '../../src/http/app-error.ts'
import { problemTypes } from '../../src/http/app-error.ts'
import { toProblem } from '../../src/http/problem.ts'

test.each([
  [new errors.BadRequestError(), 400, '/errors/bad-request', 'Bad Request'],
  [new errors.UnauthorizedError(), 401, '/errors/unauthorized', 'Authentication Required'],
  [new errors.ForbiddenError(), 403, '/errors/forbidden', 'Access Denied'],
  [new errors.NotFoundError(), 404, '/errors/not-found', 'Resource Not Found'],
  [
    new errors.MethodNotAllowedError('PUT', ['GET']),
    405,
    '/errors/method-not-allowed',
    'Method Not Allowed',
  ],
  [new errors.ConflictError(), 409, '/errors/conflict', 'Conflict'],
  [new errors.ValidationError([]), 422, '/errors/validation-error', 'Validation Error'],
  [new errors.RateLimitError(1), 429, '/errors/rate-limit-exceeded', 'Rate Limit Exceeded'],
  [new errors.InternalServerError(), 500, '/errors/internal-error', 'Internal Server Error'],
  [
    new errors.ServiceUnavailableError('Away.'),
    503,
    '/errors/service-unavailable',
    'Service Unavailable',
  ],
  [new errors.AppError(418, 'Short and stout.'), 418, 'about:blank', "I'm a Teapot"],
])('%s', (error, status, type, title) => {
  expect(error).toMatchObject({ status, type, title })
})

test('headers come with the errors that need them', () => {
  expect(new errors.UnauthorizedError().headers).toEqual({ 'www-authenticate': 'Bearer' })
  expect(new errors.MethodNotAllowedError('PUT', ['GET', 'HEAD']).headers.allow).toBe('GET, HEAD')
  expect(new errors.RateLimitError(0.2).headers['retry-after']).toBe('1')
  expect(new errors.ServiceUnavailableError('Away.', 30).headers['retry-after']).toBe('30')
})

const members = {
  type: 'about:blank',
  title: 'Payment Required',
  status: 402,
  detail: 'Pay first.',
  instance: '/orders',
  request_id: 'id-1',
  timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
}

test('a problem has further members only from the list, and none in place of its own', () => {
  const extra = { checks: { disk: 'full' }, status: 200, request_id: 'forged', password: 'hunter2' }
  const error = new errors.AppError(402, 'Pay first.', { extra, cause: new Error('hunter2') })
  expect(toProblem(error, '/orders', 'id-1', '')).toEqual({ ...members, checks: { disk: 'full' } })
})

test('it may be about something else than the path of the request', () => {
  const error = new errors.AppError(402, 'Pay first.', { instance: '/accounts/7' })
  expect(toProblem(error, '/orders', 'id-1', '').instance).toBe('/accounts/7')
})

test('its type may have another usual status, and leads to where the pages are', () => {
  const error = new errors.CircuitBreakerOpenError('Not now.', 7)
  expect(error.headers['retry-after']).toBe('7')
  expect(toProblem(error, '/', 'id-1', 'https://docs.example.com')).toMatchObject({
    type: 'https://docs.example.com/errors/circuit-breaker-open',
    title: 'Circuit Breaker Open',
    status: 503,
  })
  const blank = new errors.AppError(418, 'Short and stout.')
  expect(toProblem(blank, '/', 'id-1', 'https://docs.example.com').type).toBe('about:blank')
})

test.each([
  ['/orders?token=hunter2', '/orders'],
  ['/orders#hunter2', '/orders'],
  ['http://user:hunter2@api.example:80/orders', '/orders'],
  ['*', '/'],
  ['', '/'],
  ['//evil.example/orders', '/.//evil.example/orders'],
  ['/a b"<>\\^`{|}[]', '/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D'],
  ['/%zz/%2F%', '/%25zz/%2F%25'],
  ['/\u00ff', '/%FF'],
])('of the target %s it tells %s', (url, instance) => {
  expect(toProblem(new errors.NotFoundError(), url, 'id-1', '').instance).toBe(instance)
})

const pages = new URL('../../docs/errors/', import.meta.url)

test.each(Object.entries(problemTypes))('%s has a page with its title', (name, [status, title]) => {
  const page = readFileSync(new URL(`${name}.md`, pages), 'utf8')
  expect(page).toMatch(new RegExp(`^# ${status} ${title}\n\n`))
})

test('there are no other pages', () => {
  const names = readdirSync(pages).map((file) => file.replace(/\.md$/, ''))
  expect(names.sort()).toEqual(Object.keys(problemTypes).sort())
})
