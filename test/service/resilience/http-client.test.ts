import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CircuitBreaker } from '../../../src/resilience/circuit-breaker.ts'
import {
  ConnectionError,
  HttpClient,
  HttpStatusError,
  InvalidResponseError,
  parseRetryAfter,
} from '../../../src/resilience/http-client.ts'
import { policy, TimeoutError } from '../../../src/resilience/policy.ts'
import { answer, Callee } from '../../support/callee.ts'
import { errorOf } from '../support/calls.ts'

let callee: Callee

beforeEach(async () => {
  callee = await new Callee().start()
})

afterEach(() => callee.stop())

/** A client of a callee that gives one answer after the other, and the last one from then on. */
function start(answers: readonly RequestListener[], timeoutMs = 10_000, path = '') {
  callee.answer = (request, response) => {
    answers[Math.min(callee.requests.length, answers.length) - 1]?.(request, response)
  }
  const breaker = new CircuitBreaker('callee')
  const retry = { baseMs: 0, maxRetryAfterMs: 0 }
  const all = policy({ timeoutMs, retry, breaker })
  return { breaker, client: new HttpClient({ baseUrl: `${callee.url}${path}`, policy: all }) }
}

const done = answer(200, '{"ok":true}')
const hang: RequestListener = () => {}
const stall: RequestListener = (_request, response) => response.writeHead(200).write('{"ok":')
const breakConnection: RequestListener = (request) => request.socket.destroy()
const breakBody: RequestListener = (request, response) => {
  response.writeHead(200).write('{"ok":', () => request.socket.destroy())
}
const speakNonsense: RequestListener = (request) => request.socket.end('nonsense\r\n\r\n')
const breakGzip: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"ok":true}').fill(0, 10))
}

test.each<[string, RequestListener]>([
  ['408', answer(408)],
  ['429', answer(429, '', { 'retry-after': '0' })],
  ['500', answer(500)],
  ['a lost connection', breakConnection],
  ['a lost body', breakBody],
  ['something that is not HTTP', speakNonsense],
  ['a broken gzip body', breakGzip],
])('GET is sent again after %s', async (_name, failure) => {
  const { client } = start([failure, failure, done])
  expect((await client.request('/things')).body).toEqual({ ok: true })
  expect(callee.requests).toEqual(['GET /things', 'GET /things', 'GET /things'])
})

test.each<[string, RequestListener]>([
  ['a lost connection', breakConnection],
  ['a lost body', breakBody],
  ['something that is not HTTP', speakNonsense],
  ['a broken gzip body', breakGzip],
  ['a redirect without end', answer(302, '', { location: '/again' })],
])('%s is a ConnectionError and counts against the callee', async (_name, failure) => {
  const { client, breaker } = start([failure])
  const init = { idempotent: false }
  expect(await errorOf(client.request('/things', init))).toBeInstanceOf(ConnectionError)
  expect(breaker.stats().totals).toMatchObject({ failure: 1, ignored: 0 })
})

test.each<[string, RequestListener]>([
  ['no answer', hang],
  ['a body that does not end', stall],
])('each attempt has its timeout: %s', async (_name, failure) => {
  const { client } = start([failure, done], 200)
  expect((await client.request('/things')).body).toEqual({ ok: true })
  expect(callee.requests).toHaveLength(2)
})

test.each<[string, RequestInit & { idempotent?: boolean }, number]>([
  ['POST', { method: 'POST', body: '{}' }, 1],
  ['PATCH', { method: 'PATCH', body: '{}' }, 1],
  ['PUT', { method: 'PUT', body: '{}' }, 3],
  ['delete', { method: 'delete' }, 3],
  ['POST that may be repeated', { method: 'POST', body: '{}', idempotent: true }, 3],
  ['GET that must not', { idempotent: false }, 1],
])('%s is sent as often as is safe', async (_name, init, count) => {
  const { client } = start([answer(503)])
  expect(await errorOf(client.request('/things', init))).toBeInstanceOf(HttpStatusError)
  expect(callee.requests).toHaveLength(count)
})

test('a stream cannot be sent twice', async () => {
  const { client } = start([answer(503)])
  const init = { method: 'PUT', body: new Blob(['{}']).stream(), duplex: 'half' } as const
  expect(await errorOf(client.request('/things', init))).toMatchObject({ status: 503 })
  expect(callee.requests).toHaveLength(1)
})

test('a 4xx is an answer: not retried, and a success of the callee', async () => {
  const { client, breaker } = start([answer(404, 'none')])
  expect(await errorOf(client.request('/things'))).toMatchObject({ status: 404 })
  expect(callee.requests).toHaveLength(1)
  expect(breaker.stats().totals).toMatchObject({ failure: 0, success: 1 })
})

test.each(['', '/', '/v1', '/v1/'])('appends paths to the base URL %j', async (base) => {
  const { client } = start([done], 10_000, base)
  for (const path of ['/things?a=b', 'things?a=b', '//evil.example/things?a=b']) {
    await client.request(path)
  }
  const prefix = base.replace(/\/$/, '')
  expect(callee.requests).toEqual([
    `GET ${prefix}/things?a=b`,
    `GET ${prefix}/things?a=b`,
    `GET ${prefix}//evil.example/things?a=b`,
  ])
})

test('a path cannot lead to another host', async () => {
  const { client } = start([done])
  for (const path of ['@127.0.0.1:1/', 'http://127.0.0.1:1/', '\\\\127.0.0.1:1/']) {
    await client.request(path)
  }
  expect(callee.requests).toHaveLength(3)
})

test('large bodies of errors hold no connection', async () => {
  const large = 'x'.repeat(10_000_000)
  const { client } = start([answer(503, large), answer(503, large), done])
  expect((await client.request('/things')).status).toBe(200)
  await expect.poll(() => callee.pending).toBe(0)
})

test('a timeout that is not retried is the error', async () => {
  const { client } = start([hang], 50)
  const error = await errorOf(client.request('/things', { method: 'POST' }))
  expect(error).toEqual(new TimeoutError('No result within 50 ms.'))
})

test('a caller who gives up counts neither way, also while the body is read', async () => {
  const { client, breaker } = start([stall])
  const controller = new AbortController()
  const error = errorOf(client.request('/things', { signal: controller.signal }))
  await expect.poll(() => callee.requests.length).toBe(1)
  controller.abort('gone')
  expect(await error).toBe('gone')
  await expect.poll(() => callee.pending).toBe(0)
  expect(breaker.stats().totals).toMatchObject({ failure: 0, ignored: 1 })
})

test.each([
  ['a signal of null', { signal: null }],
  ['a body of null', { method: 'POST', body: null }],
])('takes %s like fetch does', async (_name, init) => {
  const { client } = start([done])
  expect((await client.request('/things', init)).body).toEqual({ ok: true })
})

test.each<[string, RequestInit]>([
  ['method', { method: 'GET IT' }],
  ['header', { headers: { 'x-name': 'line\nbreak' } }],
  ['body', { method: 'GET', body: 'unexpected' }],
])('a wrong %s is an error of our own code', async (_name, init) => {
  const { client, breaker } = start([done])
  for (let call = 0; call < 5; call += 1) {
    expect(await errorOf(client.request('/things', init))).toBeInstanceOf(TypeError)
  }
  expect(breaker.stats()).toMatchObject({ state: 'closed', totals: { failure: 0, ignored: 5 } })
})

test('five responses that are not JSON open the circuit', async () => {
  const { client, breaker } = start([answer(200, '<html>')])
  for (let call = 0; call < 5; call += 1) {
    expect(await errorOf(client.request('/things'))).toBeInstanceOf(InvalidResponseError)
  }
  expect(breaker.stats().state).toBe('open')
})

const now = Date.UTC(1994, 10, 6, 8, 49, 7)

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 30_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 30_000],
  ['Sun Nov  6 08:49:37 1994', 30_000],
  ['Sat, 05 Nov 1994 08:49:37 GMT', 0],
  ['9'.repeat(30), 86_400_000],
  ['Sun, 06 Nov 2094 08:49:37 GMT', 86_400_000],
])('Retry-After: %j is %d ms', (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms)
})

test.each([
  null,
  '',
  '-1',
  '1.5',
  '1e3',
  '10s',
  'soon',
  '1994-11-06',
  'Sun, 99 Nov 1994 08:49:37 GMT',
])('Retry-After: %j asks for nothing', (header) => {
  expect(parseRetryAfter(header, now)).toBe(0)
})
