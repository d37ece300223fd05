import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as errors from '../../src/errors/app-error.ts'
import { toProblem } from '../../src/errors/problem.ts'
import { problemTypeNames } from '../../src/errors/problem-types.ts'

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

test('a problem holds the path only, and extra members cannot replace those of the RFC', () => {
  const error = new errors.AppError(402, 'Pay first.', {
    type: 'out-of-credit',
    title: 'Out Of Credit',
    extra: { balance: 30, status: 200, request_id: 'forged' },
    cause: new Error('secret'),
  })
  expect(toProblem(error, '/orders?token=secret', 'id-1')).toEqual({
    type: '/errors/out-of-credit',
    title: 'Out Of Credit',
    status: 402,
    detail: 'Pay first.',
    instance: '/orders',
    balance: 30,
    request_id: 'id-1',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  })
})

test('a target that is no path gives none', () => {
  expect(toProblem(new errors.NotFoundError(), '*', 'id-1').instance).toBe('/')
})

test.each(problemTypeNames)('%s has a page', (name) => {
  const page = new URL(`../../docs/errors/${name}.md`, import.meta.url)
  expect(existsSync(page)).toBe(true)
  expect(readFileSync(page, 'utf8')).toContain(`/errors/${name}`)
})
