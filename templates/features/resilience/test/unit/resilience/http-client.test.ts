import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { CircuitBreaker } from '../../../src/resilience/circuit-breaker.ts'
import { HttpStatusError, TimeoutError } from '../../../src/resilience/errors.ts'
import { HttpClient, type HttpRequest } from '../../../src/resilience/http-client.ts'
import { policy } from '../../../src/resilience/policy.ts'
import { Retry } from '../../../src/resilience/retry.ts'
import { Timeout } from '../../../src/resilience/timeout.ts'
import { Callee } from '../../support/callee.ts'
import { errorOf } from '../../support/calls.ts'

let callee: Callee

afterEach(() => callee.stop())

/** A client of a callee that gives one answer after the other, the last one for ever. */
async function start(answers: readonly RequestListener[], timeoutMs = 5_000) {
  const requests: string[] = []
  callee = new Callee((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answers[Math.min(requests.length, answers.length) - 1]?.(request, response)
  })
  await callee.start()
  const retry = new Retry({ baseMs: 0, maxRetryAfterMs: 0 })
  const breaker = new CircuitBreaker('callee')
  const all = policy({ retry, breaker, timeout: new Timeout(timeoutMs) })
  return { requests, breaker, client: new HttpClient({ policy: all, baseUrl: callee.url }) }
}

function answer(status: number, body = '{}', headers: Record<string, string> = {}) {
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers).end(body)
  }
}

const done = answer(200, '{"ok":true}')
const cut: RequestListener = (request) => request.socket.destroy()
const hang: RequestListener = () => {}
const stall: RequestListener = (_request, response) => response.writeHead(200).write('{"ok":')
const cutBody: RequestListener = (request, response) => {
  response.writeHead(200).write('{"ok":', () => request.socket.destroy())
}

test.each([
  ['408', answer(408)],
  ['429', answer(429, '', { 'retry-after': '0' })],
  ['500', answer(500)],
  ['503', answer(503)],
  ['a cut connection', cut],
  ['a cut body', cutBody],
])('GET is sent again after %s', async (_name, failure) => {
  const { client, requests } = await start([failure, failure, done])
  expect(await client.json('/things')).toEqual({ ok: true })
  expect(requests).toEqual(['GET /things', 'GET /things', 'GET /things'])
})

test.each([
  ['no answer', hang],
  ['a body that does not end', stall],
])('each attempt has its timeout: %s', async (_name, failure) => {
  const { client, requests } = await start([failure, done], 100)
  expect(await client.json('/things')).toEqual({ ok: true })
  expect(requests).toHaveLength(2)
})

test.each<[string, HttpRequest, number]>([
  ['POST', { method: 'POST', body: '{}' }, 1],
  ['PATCH', { method: 'PATCH', body: '{}' }, 1],
  ['PUT', { method: 'PUT', body: '{}' }, 3],
  ['delete', { method: 'delete' }, 3],
  ['POST that may be repeated', { method: 'POST', body: '{}', idempotent: true }, 3],
  ['GET that must not', { idempotent: false }, 1],
])('%s', async (_name, init, count) => {
  const { client, requests } = await start([answer(503)])
  expect(await errorOf(client.json('/things', init))).toBeInstanceOf(HttpStatusError)
  expect(requests).toHaveLength(count)
})

test('a stream cannot be sent twice', async () => {
  const { client, requests } = await start([answer(503)])
  const init = { method: 'PUT', body: new Blob(['{}']).stream(), duplex: 'half' } as const
  expect(await errorOf(client.json('/things', init))).toMatchObject({ status: 503 })
  expect(requests).toHaveLength(1)
})

test('a 4xx is an answer: not retried, no failure, and read by whoever wants to', async () => {
  const { client, requests, breaker } = await start([answer(404, 'none')])
  expect(await errorOf(client.json('/things'))).toMatchObject({ status: 404 })
  const read = (response: Response) => response.text()
  expect(await client.request('/things', {}, read)).toBe('none')
  expect(requests).toHaveLength(2)
  expect(breaker.stats().totals).toMatchObject({ failure: 0, success: 2 })
})

test('the error of a status has no query, and the wait that the server asks for', async () => {
  const { client, breaker } = await start([answer(503, '', { 'retry-after': '7' })])
  const error = await errorOf(client.json('/things?token=secret'))
  expect(error).toMatchObject({ status: 503, retryAfterMs: 7_000 })
  expect(String(error)).toBe(`HttpStatusError: GET ${callee.url}/things answered 503.`)
  expect(breaker.stats().totals.failure).toBe(1)
})

test('another fetch can take its place', async () => {
  const { client, requests } = await start([done])
  const fetch = async () => new Response('none', { status: 404 })
  const other = new HttpClient({ policy: new Timeout(100), baseUrl: callee.url, fetch })
  const error = await errorOf(other.json('/things?token=secret'))
  expect(String(error)).toBe(`HttpStatusError: GET ${callee.url}/things answered 404.`)
  expect(await client.json(new URL('/all', callee.url), { signal: null })).toEqual({ ok: true })
  expect(requests).toEqual(['GET /all'])
})

test('unread bodies hold no connection', async () => {
  const large = 'x'.repeat(10_000_000)
  const { client } = await start([answer(503, large), answer(503, large), answer(200, large)])
  const status = await client.request('/things', {}, (response) => response.status)
  expect(status).toBe(200)
  await expect.poll(() => callee.busy).toBe(0)
})

test('the body is there as long as it is read', async () => {
  const { client } = await start([done])
  const read = async (response: Response) => {
    await setImmediate()
    return response.text()
  }
  expect(await client.request('/things', {}, read)).toBe('{"ok":true}')
})

test('a timeout that is not retried is the error', async () => {
  const { client } = await start([hang], 50)
  const error = await errorOf(client.json('/things', { method: 'POST' }))
  expect(error).toEqual(new TimeoutError(50))
})

test('an abort of the caller ends the request at once', async () => {
  const { client, requests } = await start([hang])
  const controller = new AbortController()
  const error = errorOf(client.json('/things', { signal: controller.signal }))
  await expect.poll(() => requests.length).toBe(1)
  controller.abort('gone')
  expect(await error).toBe('gone')
  await expect.poll(() => callee.busy).toBe(0)
})

test('a wrong URL is an error of the program, not of the callee', async () => {
  const { client, breaker } = await start([done])
  expect(await errorOf(client.json('http://'))).toBeInstanceOf(TypeError)
  expect(breaker.stats().totals.failure).toBe(0)
})
