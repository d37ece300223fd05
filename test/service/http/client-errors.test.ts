import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'
import { LogLines } from '../../support/log.ts'
import { parseHead, RawRequest } from '../../support/raw-request.ts'
import { expectSecurityHeaders } from '../../support/security-headers.ts'

// What Node or the router would answer before any hook of ours runs.

const patient = { timeout: 60_000 }
const log = new LogLines()
let app: FastifyInstance
let url: string
let slowRequests = 0
let release = () => {}

beforeAll(async () => {
  app = await testApp({ BODY_LIMIT: '10', LOG_LEVEL: 'info' }, { logStream: log })
  app.get('/slow', async () => {
    slowRequests += 1
    await new Promise<void>((resolve) => {
      release = resolve
    })
    return { slow: true }
  })
  app.get('/begun', async (_request, reply) => {
    reply.hijack()
    reply.raw.write('begun')
  })
  app.post('/echo', async (request) => request.body)
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(() => app.close())

const path = '/health/live'
const close = 'connection: close\r\n'
const post = 'POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n'
const chunked = `${post}transfer-encoding: chunked\r\n`
const slow = 'GET /slow HTTP/1.1\r\nhost: a\r\n\r\n'

function statusesOf(received: string): (string | undefined)[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1])
}

/** The server's side of the next connection. */
async function nextSocket(): Promise<Socket> {
  const [socket] = await once(app.server, 'connection')
  return socket
}

test.each([
  ['bytes that are not a request', 'hello\r\n\r\n', 400],
  ['headers that never end', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['a body that breaks off in garbage', `${chunked}\r\nhello\r\n`, 400],
  ['two lengths of a body', `${post}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400],
  ['a length and chunks', `${chunked}content-length: 2\r\n\r\n{}`, 400],
  ['a path that cannot be decoded', `GET /% HTTP/1.1\r\nhost: a\r\n${close}\r\n`, 400],
  ['no host', `GET ${path} HTTP/1.1\r\n${close}\r\n`, 400],
  ['an expectation', `GET ${path} HTTP/1.1\r\nhost: a\r\nexpect: tea\r\n${close}\r\n`, 417],
  ['an unusual method', `TRACE ${path} HTTP/1.1\r\nhost: a\r\n${close}\r\n`, 405],
  ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n', 405],
  [
    'an upgrade',
    'GET /x HTTP/1.1\r\nhost: a\r\nupgrade: x\r\nconnection: upgrade, close\r\n\r\n',
    404,
  ],
  ['chunks beyond BODY_LIMIT', `${chunked}${close}\r\n10\r\n"aaaaaaaaaaaaaa"\r\n0\r\n\r\n`, 413],
])('%s gets a problem with all security headers', async (_what, bytes, expected) => {
  const request = new RawRequest(url)
  request.write(bytes)
  const { head, body } = await request.answer()
  const { status, headers } = parseHead(head)
  expect(status).toBe(expected)
  expect(headers['content-type']).toBe('application/problem+json')
  expect(headers['cache-control']).toBe('no-store')
  expect(headers.connection).toBe('close')
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
  expect(JSON.parse(body)).toMatchObject({ status, request_id: headers['x-request-id'] })
  expectSecurityHeaders(headers)
})

test.each([
  ['HTTP/1.0 needs no host', `GET ${path} HTTP/1.0\r\n\r\n`],
  [
    '100-continue is met',
    `GET ${path} HTTP/1.1\r\nhost: a\r\nexpect: 100-Continue\r\n${close}\r\n`,
  ],
])('%s', async (_what, bytes) => {
  const request = new RawRequest(url)
  request.write(bytes)
  const { head, body } = await request.answer()
  expect(`${head}${body}`).toMatch(/HTTP\/1\.1 200 OK/)
})

describe('a request that takes too long to arrive', () => {
  test.each([
    ['a head', 'GET / HTTP/1.1\r\nhost: a\r\n'],
    ['a body', `${post}content-length: 9\r\n\r\n{"a":`],
    ['chunks', `${chunked}\r\n5\r\n{"a":`],
  ])('is a 408: %s without an end', async (_what, bytes) => {
    const accepted = nextSocket()
    const request = new RawRequest(url)
    request.write(bytes)
    const socket = await accepted
    await expect.poll(() => socket.bytesRead, patient).toBe(bytes.length)
    app.server.emit('clientError', { code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket)
    const { head, body } = await request.answer()
    expect(head).toMatch(/^HTTP\/1\.1 408 /)
    expect(JSON.parse(body)).toMatchObject({ type: '/errors/request-timeout', status: 408 })
  })
})

test('a client that cuts its request off is not an error of the service', async () => {
  log.lines.length = 0
  const accepted = nextSocket()
  const request = new RawRequest(url)
  const bytes = `${post}content-length: 9\r\n\r\n{"a":`
  request.write(bytes)
  const socket = await accepted
  await expect.poll(() => socket.bytesRead, patient).toBe(bytes.length)
  const closed = once(socket, 'close')
  request.cut()
  await closed
  expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([])
})

test('garbage behind complete requests is refused after their responses', async () => {
  const before = slowRequests
  const request = new RawRequest(url)
  request.write(`${slow}hello\r\n\r\n`)
  request.write('and more of it\r\n\r\n')
  await expect.poll(() => slowRequests, patient).toBe(before + 1)
  expect(request.received).toBe('')
  release()
  expect(statusesOf(await request.all())).toEqual(['200', '400'])
})

test('garbage behind the last request of a connection is not answered', async () => {
  const request = new RawRequest(url)
  request.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n${close}\r\nhello\r\n\r\n`)
  expect(statusesOf(await request.all())).toEqual(['200'])
})

test('a broken request never gets ahead of the response to an earlier one', async () => {
  const request = new RawRequest(url)
  request.write(`${slow}${chunked}\r\nhello\r\n`)
  const received = await request.all()
  release()
  expect(received).toBe('')
})

test('nothing is written into a response that has begun', async () => {
  const request = new RawRequest(url)
  request.write('GET /begun HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n')
  await expect.poll(() => request.received, patient).toContain('begun')
  request.write('hello\r\n')
  expect(statusesOf(await request.all())).toHaveLength(1)
})

test('a client that does not close its side is disconnected', async () => {
  const accepted = nextSocket()
  const { port } = new URL(url)
  const client = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => {}).resume()
  client.write('hello\r\n\r\n')
  await once(await accepted, 'close')
  client.destroy()
})

test('a client that is gone is not answered', async () => {
  const accepted = nextSocket()
  const request = new RawRequest(url)
  const socket = await accepted
  socket.destroy()
  app.server.emit('clientError', { code: 'ECONNRESET' }, socket)
  expect(await request.answer()).toEqual({ head: '', body: '' })
})

test('a host name with several addresses has one server, which refuses the same way', async () => {
  const other = await testApp()
  const named = await other.listen({ host: 'localhost', port: 0 })
  expect(other.addresses()).toHaveLength(1)
  const request = new RawRequest(named)
  request.write('GET / HTTP/1.1\r\nhost: a\r\nexpect: tea\r\nconnection: close\r\n\r\n')
  expect((await request.answer()).head).toContain('application/problem+json')
  await other.close()
})
