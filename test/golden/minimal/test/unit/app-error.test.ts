import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as errors from '../../src/http/app-error.ts'
import { problemTypes } from '../../src/http/app-error.ts'
import { toProblem } from '../../src/http/problem.ts'

test.each([
  [new errors.BadRequestError(), 400, 'bad-request'],
  [new errors.UnauthorizedError(), 401, 'unauthorized'],
  [new errors.ForbiddenError(), 403, 'forbidden'],
  [new errors.NotFoundError(), 404, 'not-found'],
  [new errors.MethodNotAllowedError('PUT', ['GET']), 405, 'method-not-allowed'],
  [new errors.ConflictError(), 409, 'conflict'],
  [new errors.ValidationError([]), 422, 'validation-error'],
  [new errors.RateLimitError(1), 429, 'rate-limit-exceeded'],
  [new errors.InternalServerError(), 500, 'internal-error'],
  [new errors.ServiceUnavailableError('Away.'), 503, 'service-unavailable'],
] as const)('%s has its status, type and title', (error, status, name) => {
  const [, title] = problemTypes[name]
  expect(error).toMatchObject({ status, type: `/errors/${name}`, title })
})

test('errors bring the headers that they need', () => {
  expect(new errors.UnauthorizedError().headers).toEqual({ 'www-authenticate': 'Bearer' })
  expect(new errors.MethodNotAllowedError('PUT', ['GET', 'HEAD']).headers.allow).toBe('GET, HEAD')
  expect(new errors.RateLimitError(0.2).headers['retry-after']).toBe('1')
  expect(new errors.ServiceUnavailableError('Away.', 30).headers['retry-after']).toBe('30')
})

test('a problem has only known additional members, and never a cause', () => {
  const extra = { checks: { disk: 'full' }, status: 200, request_id: 'forged', password: 'hunter2' }
  const error = new errors.AppError(402, 'Pay first.', { extra, cause: new Error('hunter2') })
  expect(toProblem(error, { url: '/orders', id: 'id-1' }, '')).toEqual({
    type: 'about:blank',
    title: 'Payment Required',
    status: 402,
    detail: 'Pay first.',
    instance: '/orders',
    request_id: 'id-1',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    checks: { disk: 'full' },
  })
})

test('a problem may be about another path than that of the request', () => {
  const error = new errors.AppError(402, 'Pay first.', { instance: '/accounts/7' })
  expect(toProblem(error, { url: '/orders', id: 'id-1' }, '').instance).toBe('/accounts/7')
})

test('the type of a problem links to the page that explains it', () => {
  const uri = 'https://docs.example.com'
  const { type } = toProblem(new errors.NotFoundError(), { url: '/', id: 'id-1' }, uri)
  expect(type).toBe('https://docs.example.com/errors/not-found')
  expect(toProblem(new errors.AppError(418, 'Short.'), { url: '/', id: 'id-1' }, uri).type).toBe(
    'about:blank',
  )
})

test.each([
  ['/orders?token=hunter2', '/orders'],
  ['/orders#hunter2', '/orders'],
  ['http://user:hunter2@api.example:80/orders', '/orders'],
  ['*', '/'],
  ['//evil.example/orders', '/.//evil.example/orders'],
  ['/a b"<>\\^`{|}[]', '/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D'],
  ['/%zz/%2F%', '/%25zz/%2F%25'],
  ['/\u00ff', '/%FF'],
])('of the URL %s a problem repeats %s', (url, instance) => {
  expect(toProblem(new errors.NotFoundError(), { url, id: 'id-1' }, '').instance).toBe(instance)
})

test('every problem type has a page with its title, and there are no other pages', () => {
  const pages = new URL('../../docs/errors/', import.meta.url)
  for (const [name, [status, title]] of Object.entries(problemTypes)) {
    const page = readFileSync(new URL(`${name}.md`, pages), 'utf8')
    expect(page).toMatch(new RegExp(`^# ${status} ${title}\n\n`))
  }
  const names = readdirSync(pages).map((file) => file.replace(/\.md$/, ''))
  expect(names.sort()).toEqual(Object.keys(problemTypes).sort())
})
