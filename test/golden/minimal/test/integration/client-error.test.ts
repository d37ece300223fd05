import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { RawRequest } from '../support/raw-request.ts'

let app: FastifyInstance
let url: string

beforeAll(async () => {
  app = await testApp()
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

test('a request that takes too long to arrive is a 408', async () => {
  const request = new RawRequest(url)
  app.server.once('connection', (socket) => {
    app.server.emit('clientError', { code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket)
  })
  const { head, body } = await request.answer()
  expect(head).toMatch(/^HTTP\/1\.1 408 /)
  expect(JSON.parse(body).type).toBe('/errors/request-timeout')
})

test('a client that has gone is not answered', async () => {
  const request = new RawRequest(url)
  app.server.once('connection', (socket) => {
    app.server.emit('clientError', { code: 'ECONNRESET' }, socket)
    socket.destroy()
  })
  expect(await request.answer()).toEqual({ head: '', body: '' })
})
