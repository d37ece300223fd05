import type { RequestListener } from 'node:http'
import { Type } from 'typebox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CircuitBreaker } from '../../../src/resilience/circuit-breaker.ts'
import {
  ConnectionError,
  HttpClient,
  HttpStatusError,
  InvalidResponseError,
} from '../../../src/resilience/http-client.ts'
import { policy } from '../../../src/resilience/policy.ts'
import { answer, Callee } from '../../support/callee.ts'

const breakConnection: RequestListener = (request) => request.socket.destroy()
const breakBody: RequestListener = (request, response) => {
  response.writeHead(200).write('{"ok":', () => request.socket.destroy())
}

let callee: Callee
let breaker: CircuitBreaker
let client: HttpClient

beforeEach(async () => {
  callee = await new Callee(answer(200, '{"ok":true}')).start()
  breaker = new CircuitBreaker('callee')
  client = new HttpClient({
    baseUrl: `${callee.url}/v1/`,
    policy: policy({ timeoutMs: 10_000, retry: { baseMs: 0 }, breaker }),
  })
})

afterEach(() => callee.stop())

/** Answers the first requests with `failure`, and later ones well. */
function failTwice(failure: RequestListener): void {
  callee.answer = (request, response) => {
    const respond = callee.requests.length > 2 ? answer(200, '{"ok":true}') : failure
    respond(request, response)
  }
}

test('returns status, headers and JSON', async () => {
  callee.answer = answer(201, '{"id":7}', { location: '/things/7' })
  const { status, headers, body } = await client.request('/things?x=1', { method: 'post' })
  expect([status, headers.get('location'), body]).toEqual([201, '/things/7', { id: 7 }])
  expect(callee.requests).toEqual(['POST /v1/things?x=1'])
})

test.each<[string, RequestListener]>([
  ['429', answer(429)],
  ['503', answer(503)],
  ['a lost connection', breakConnection],
  ['a lost body', breakBody],
])('retries GET after %s', async (_name, failure) => {
  failTwice(failure)
  expect((await client.request('/things')).body).toEqual({ ok: true })
  expect(callee.requests).toHaveLength(3)
})

test('retries POST only on request', async () => {
  callee.answer = answer(503)
  const post = { method: 'POST', body: '{}' }
  await expect(client.request('/things', post)).rejects.toThrow(HttpStatusError)
  expect(callee.requests).toHaveLength(1)
  await expect(client.request('/things', { ...post, idempotent: true })).rejects.toThrow('503')
  expect(callee.requests).toHaveLength(4)
})

test.each<[string, RequestListener, string]>([
  ['204', answer(204), 'GET'],
  ['205', answer(205), 'GET'],
  ['an empty 200', answer(200, '', { 'content-length': '0' }), 'GET'],
  ['HEAD', answer(200, '{"ok":true}'), 'HEAD'],
])(
  'returns undefined for the body of %s and keeps the circuit closed',
  async (_name, reply, method) => {
    callee.answer = reply
    for (let call = 0; call < 5; call += 1) {
      expect((await client.request('/things', { method })).body).toBeUndefined()
    }
    expect(breaker.stats()).toMatchObject({ state: 'closed', totals: { success: 5 } })
  },
)

test('reports an error status with its Retry-After and without the query', async () => {
  callee.answer = answer(503, '', { 'retry-after': '60' })
  await expect(client.request('/things?token=secret')).rejects.toMatchObject({
    name: 'HttpStatusError',
    message: `GET ${callee.url}/v1/things answered 503.`,
    status: 503,
    retryAfterMs: 60_000,
  })
})

test('counts a response that is not JSON as a failure of the callee and does not retry', async () => {
  callee.answer = answer(200, '<html>')
  await expect(client.request('/things')).rejects.toThrow(InvalidResponseError)
  expect(callee.requests).toHaveLength(1)
  expect(breaker.stats().totals).toMatchObject({ failure: 1 })
})

test('checks the response against the schema', async () => {
  const schema = Type.Object({ ok: Type.Boolean() })
  expect((await client.request('/things', { schema })).body.ok).toBe(true)
  callee.answer = answer(200, '{"ok":"yes"}')
  await expect(client.request('/things', { schema })).rejects.toThrow(InvalidResponseError)
})

test('does not blame the callee for a request that is wrong', async () => {
  const headers = { 'x-name': 'line\nbreak' }
  for (let call = 0; call < 5; call += 1) {
    await expect(client.request('/things', { headers })).rejects.toThrow(TypeError)
  }
  expect(breaker.stats()).toMatchObject({ state: 'closed', totals: { ignored: 5 } })
})

test('reports a callee that is down', async () => {
  await callee.stop()
  await expect(client.request('/things')).rejects.toThrow(ConnectionError)
  expect(breaker.stats().totals).toMatchObject({ failure: 3 })
})

test('cancels the request when the caller gives up', async () => {
  callee.answer = () => {}
  const controller = new AbortController()
  const call = client.request('/things', { signal: controller.signal })
  const rejected = expect(call).rejects.toBe('gone')
  await expect.poll(() => callee.pending).toBe(1)
  controller.abort('gone')
  await rejected
  await expect.poll(() => callee.pending).toBe(0)
})
