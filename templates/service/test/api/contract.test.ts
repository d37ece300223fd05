import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testCredentials } from '../support/client.ts'
import { expectSoundAnswer, marker } from '../support/problem.ts'
import { type Endpoint, testAppWithRoutes, withRouteHook } from '../support/routes.ts'

// Every route, and every path that reaches none, answers every error with a problem that its schema
// allows, with all security headers, without a value that was sent and without a stack.

const json = { 'content-type': 'application/json' }
let app: FastifyInstance
let endpoints: readonly Endpoint[]
let credentials: Record<string, string>

beforeAll(async () => {
  const made = await withRouteHook(
    (route) => {
      const failing = async ({ headers }: { headers: Record<string, unknown> }) => {
        if (headers['x-fail']) throw new Error(marker)
      }
      route.onRequest = [...[route.onRequest ?? []].flat(), failing]
    },
    () => testAppWithRoutes({ BODY_LIMIT: '1000' }),
  )
  app = made.app
  endpoints = made.endpoints
  credentials = await testCredentials(app)
})

afterAll(() => app.close())

/** Ways to get an error out of an endpoint, and the status that one of them at least answers with. */
const provocations: Record<
  string,
  [status: number | number[], change: (one: Endpoint) => InjectOptions]
> = {
  'a handler that fails': [500, () => ({ headers: { 'x-fail': marker } })],
  'a method that the path does not have': [405, () => ({ method: 'TRACE' as 'GET' })],
  'a longer path': [404, ({ url }) => ({ url: `${url}/nowhere/${'x'.repeat(90)}` })],
  'a path that cannot be read': [400, ({ url }) => ({ url: `${url}%` })],
  'an overlong part of the path': [404, ({ url }) => ({ url: `${url}${'x'.repeat(200)}` })],
  'a query that nobody knows': [404, ({ url }) => ({ url: `${url}/x?${marker}=${marker}` })],
  'an expectation': [417, () => ({ headers: { expect: marker } })],
  // A service may have no route that takes a body: 405.
  'another media type': [
    [415, 405],
    () => ({ method: 'POST', headers: { 'content-type': `a/${marker}` }, payload: marker }),
  ],
  'malformed JSON': [400, () => ({ method: 'POST', headers: json, payload: `{"${marker}":` })],
  'no JSON': [400, () => ({ method: 'POST', headers: json, payload: '' })],
  'nested JSON': [
    400,
    () => ({ method: 'POST', headers: json, payload: '['.repeat(400) + ']'.repeat(400) }),
  ],
  'too large a body': [
    413,
    () => ({ method: 'POST', headers: json, payload: `"${marker.repeat(200)}"` }),
  ],
  'a body of a wrong type': [
    [200, 422],
    () => ({ headers: json, payload: `{"name":"${marker}"}` }),
  ],
}

test.each(Object.entries(provocations))('%s', async (_name, [status, change]) => {
  const statuses = new Set<number>()
  for (const { method, url } of endpoints) {
    const options: InjectOptions = { method: method as 'GET', url, ...change({ method, url }) }
    options.headers = { ...credentials, ...options.headers }
    if (method === 'HEAD') delete options.payload
    const response = await app.inject(options)
    const { statusCode, headers, body } = response
    statuses.add(statusCode)
    expectSoundAnswer({ status: statusCode, headers, body }, `${options.method} ${options.url}`)
  }
  expect(
    [status].flat().some((it) => statuses.has(it)),
    [...statuses].join(),
  ).toBe(true)
})

test('one form is answered, and errors are problems, whatever Accept says', async () => {
  const headers = { accept: 'text/html' }
  const found = await app.inject({ url: '/health/live', headers })
  expect(found.headers['content-type']).toContain('application/json')
  const { statusCode: status, ...missing } = await app.inject({ url: '/nowhere', headers })
  expectSoundAnswer({ ...missing, status })
  expect(status).toBe(404)
})
