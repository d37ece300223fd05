import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testCredentials } from '../support/client.ts'
import { expectSoundAnswer, marker } from '../support/problem.ts'
import { type Endpoint, testAppWithRoutes, withRouteHook } from '../support/routes.ts'

// Every route, and every path without one, answers every error with a problem that fits its schema,
// with all security headers, without a value that was sent, and without a stack.

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

const post = (payload: string) => () => ({ method: 'POST' as const, headers: json, payload })

/** Ways to provoke an error, and statuses of which at least one endpoint answers with one. */
const provocations: Record<
  string,
  [statuses: number[], change: (endpoint: Endpoint) => InjectOptions]
> = {
  'a failing hook': [[500], () => ({ headers: { 'x-fail': marker } })],
  'a method that the path does not have': [[405], () => ({ method: 'TRACE' as 'GET' })],
  'a longer path': [[404], ({ url }) => ({ url: `${url}/nowhere/${'x'.repeat(90)}` })],
  'a path that cannot be decoded': [[400], ({ url }) => ({ url: `${url}%` })],
  'a path with an overlong part': [[404], ({ url }) => ({ url: `${url}${'x'.repeat(200)}` })],
  'an unknown query': [[404], ({ url }) => ({ url: `${url}/x?${marker}=${marker}` })],
  'an expectation': [[417], () => ({ headers: { expect: marker } })],
  // A service may have no route that takes a body: 405.
  'another media type': [
    [415, 405],
    () => ({ method: 'POST', headers: { 'content-type': `a/${marker}` }, payload: marker }),
  ],
  'a compressed body': [
    [415],
    () => ({ method: 'POST', headers: { ...json, 'content-encoding': marker }, payload: '{}' }),
  ],
  'malformed JSON': [[400], post(`{"${marker}":`)],
  'half a surrogate pair': [[400], post(`{"${marker}":"\\ud800"}`)],
  'deeply nested JSON': [[400], post('['.repeat(400) + ']'.repeat(400))],
  'too large a body': [[413], post(`"${marker.repeat(200)}"`)],
  'a body of the wrong type': [
    [200, 404, 422],
    () => ({ headers: json, payload: `{"name":"${marker}"}` }),
  ],
}

test.each(Object.entries(provocations))('%s is answered', async (_name, [statuses, change]) => {
  const seen = new Set<number>()
  for (const { method, url } of endpoints) {
    const options: InjectOptions = { method: method as 'GET', url, ...change({ method, url }) }
    options.headers = { ...credentials, ...options.headers }
    if (method === 'HEAD') delete options.payload
    const { statusCode: status, headers, body } = await app.inject(options)
    seen.add(status)
    expectSoundAnswer({ status, headers, body }, `${options.method} ${options.url}`)
  }
  expect(statuses.some((status) => seen.has(status)) ? statuses : [...seen]).toEqual(statuses)
})

test('the Accept header changes nothing', async () => {
  const headers = { accept: 'text/html' }
  const found = await app.inject({ url: '/health/live', headers })
  expect(found.headers['content-type']).toContain('application/json')
  const { statusCode: status, ...missing } = await app.inject({ url: '/nowhere', headers })
  expectSoundAnswer({ ...missing, status })
  expect(status).toBe(404)
})
