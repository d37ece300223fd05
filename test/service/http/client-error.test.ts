import { once } from 'node:events'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { RawRequest } from '../support/raw-request.ts'

let app: FastifyInstance
let url: string

beforeAll(async () => {
  app = await testApp()
  app.server.headersTimeout = 100
  app.server.requestTimeout = 100
  app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
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

test.each([
  ['garbage', 'hello\r\n\r\n', 400, 'bad-request'],
  [
    'an overflow of the headers',
    `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'header-fields-too-large',
  ],
])('%s is answered with a problem', async (_what, bytes, status, type) => {
  const request = new RawRequest(url)
  request.write(bytes)
  const { head, body } = await request.answer()
  const problem = JSON.parse(body)
  expect(problem).toMatchObject({ type: `/errors/${type}`, status, instance: '/' })
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(head).toContain('content-type: application/problem+json')
  expect(head).toContain(`x-request-id: ${problem.request_id}`)
  expect(head).toContain('connection: close')
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
})

const post = 'POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n'

test.each([
  ['whose head does not end', 'GET / HTTP/1.1\r\nhost: a\r\n'],
  ['whose body does not end', `${post}content-length: 9\r\n\r\n{"a":`],
  ['whose chunks do not end', `${post}transfer-encoding: chunked\r\n\r\n5\r\n{"a":`],
])('a request %s is a 408', async (_what, bytes) => {
  const request = new RawRequest(url)
  request.write(bytes)
  const { head, body } = await request.answer()
  expect(head).toMatch(/^HTTP\/1\.1 408 /)
  expect(JSON.parse(body)).toMatchObject({ type: '/errors/request-timeout', status: 408 })
})

test('a client that does not close is left, and nothing waits for it', async () => {
  const socket = connect({
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    allowHalfOpen: true,
  })
  socket.on('error', () => {}).resume()
  socket.write('hello\r\n\r\n')
  await once(socket, 'end')
  const open = () => new Promise((resolve) => app.server.getConnections((_, n) => resolve(n)))
  await expect.poll(open, { timeout: 5_000 }).toBe(0)
  socket.destroy()
})

test('CONNECT is a 405: this is no proxy', async () => {
  const request = new RawRequest(url)
  request.write('CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n')
  const { head, body } = await request.answer()
  expect(head).toMatch(/^HTTP\/1\.1 405 /)
  expect(JSON.parse(body)).toMatchObject({ type: '/errors/method-not-allowed', status: 405 })
})

const slow = 'GET /slow HTTP/1.1\r\nhost: a\r\n\r\n'

test('what is wrong behind a request waits for its response', async () => {
  const request = new RawRequest(url)
  request.write(`${slow}${slow}hello\r\n\r\n`)
  request.write('and more of it\r\n\r\n')
  const statuses = [...(await request.all()).matchAll(/HTTP\/1\.1 (\d+)/g)].map((it) => it[1])
  expect(statuses).toEqual(['200', '200', '400'])
})

test('what follows the last request is not answered', async () => {
  const request = new RawRequest(url)
  request.write(slow.replace('host: a', 'host: a\r\nconnection: close'))
  request.write('hello\r\n\r\n')
  const statuses = [...(await request.all()).matchAll(/HTTP\/1\.1 (\d+)/g)].map((it) => it[1])
  expect(statuses).toEqual(['200'])
})

test('a body that breaks off in garbage is a 400', async () => {
  const request = new RawRequest(url)
  request.write(`${post}transfer-encoding: chunked\r\n\r\nhello\r\n`)
  const { head, body } = await request.answer()
  expect(head).toMatch(/^HTTP\/1\.1 400 /)
  expect(JSON.parse(body).type).toBe('/errors/bad-request')
})

test('nothing is written into a response that has begun', async () => {
  const request = new RawRequest(url)
  request.write('GET /begun HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n')
  await expect.poll(() => request.received).toContain('begun')
  request.write('hello\r\n')
  const received = await request.all()
  expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1)
})

test('a name of several addresses has one server, which answers so too', async () => {
  const other = await testApp()
  const named = await other.listen({ host: 'localhost', port: 0 })
  expect(other.addresses()).toHaveLength(1)
  const request = new RawRequest(named)
  request.write('GET / HTTP/1.1\r\nhost: a\r\nexpect: tea\r\nconnection: close\r\n\r\n')
  expect((await request.answer()).head).toContain('application/problem+json')
  await other.close()
})

test('a client that has gone is not answered', async () => {
  const request = new RawRequest(url)
  app.server.once('connection', (socket) => {
    app.server.emit('clientError', { code: 'ECONNRESET' }, socket)
    socket.destroy()
  })
  expect(await request.answer()).toEqual({ head: '', body: '' })
})
