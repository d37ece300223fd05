import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { parseHead, RawRequest } from '../support/raw-request.ts'
import { expectSecurityHeaders } from '../support/security-headers.ts'

// What Node or the router would answer before any hook of ours is asked.

let app: FastifyInstance
let url: string

beforeAll(async () => {
  app = await testApp({ BODY_LIMIT: '10' })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(() => app.close())

const close = 'connection: close\r\n'
const path = '/health/live'

test.each([
  ['bytes that are no request', 'hello\r\n\r\n', 400],
  ['headers without end', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['a path that cannot be read', `GET /% HTTP/1.1\r\nhost: a\r\n${close}\r\n`, 400],
  ['no host', `GET ${path} HTTP/1.1\r\n${close}\r\n`, 400],
  ['an expectation', `GET ${path} HTTP/1.1\r\nhost: a\r\nexpect: tea\r\n${close}\r\n`, 417],
  ['an unusual method', `TRACE ${path} HTTP/1.1\r\nhost: a\r\n${close}\r\n`, 405],
  [
    'an upgrade',
    `GET /x HTTP/1.1\r\nhost: a\r\nupgrade: x\r\nconnection: upgrade, close\r\n\r\n`,
    404,
  ],
  [
    'a body in chunks beyond BODY_LIMIT',
    `POST ${path} HTTP/1.1\r\nhost: a\r\n${close}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n10\r\n"aaaaaaaaaaaaaa"\r\n0\r\n\r\n`,
    413,
  ],
])('%s is answered with a problem and the security headers', async (_what, bytes, expected) => {
  const request = new RawRequest(url)
  request.write(bytes)
  const { head, body } = await request.answer()
  const { status, headers } = parseHead(head)
  expect(status).toBe(expected)
  expect(headers['content-type']).toBe('application/problem+json')
  expect(headers['cache-control']).toBe('no-store')
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
