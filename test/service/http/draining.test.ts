import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'
import { RawRequest } from '../../support/raw-request.ts'

const patient = { timeout: 60_000 }
const ask = 'GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n'
let app: FastifyInstance
let url: string

beforeEach(async () => {
  app = await testApp()
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

afterEach(() => app.close())

/** For each response on a connection, whether it announces that it is the last one. */
function closing(responses: string): boolean[] {
  const each = responses.toLowerCase().split(/(?=http\/1\.1 \d)/)
  return each.map((response) => response.includes('\r\nconnection: close'))
}

test('a request that had begun to arrive is served while the app closes', async () => {
  const request = new RawRequest(url)
  request.write('GET /health/live HTTP/1.1\r\nhost: test\r\n')
  // Answered after the connection before it was accepted.
  await fetch(`${url}/health/live`)
  const closed = app.close()
  await expect.poll(() => app.server.listening, patient).toBe(false)
  request.write('\r\n')
  const { head, body } = await request.answer()
  expect(head).toMatch(/^HTTP\/1\.1 200 /)
  expect(head.toLowerCase()).toContain('connection: close')
  expect(JSON.parse(body)).toEqual({ status: 'live' })
  await closed
})

test('a connection that is in use ends with its next response', async () => {
  const request = new RawRequest(url)
  request.write(ask)
  await expect.poll(() => request.received, patient).toContain('live')
  app.draining.active = true
  request.write(ask)
  expect(closing(await request.all())).toEqual([false, true])
})

test('connections without a request do not delay the end', async () => {
  const unused = new RawRequest(url)
  const used = new RawRequest(url)
  used.write(ask)
  await expect.poll(() => used.received, patient).toContain('live')
  await app.close()
  expect(await unused.answer()).toEqual({ head: '', body: '' })
  expect(closing(await used.all())).toEqual([false])
})

test.each([
  ['a path that cannot be decoded', 'GET /%zz HTTP/1.1\r\nhost: test\r\n\r\n', 400],
  ['an expectation', 'GET / HTTP/1.1\r\nhost: test\r\nexpect: tea\r\n\r\n', 417],
  ['a preflight', ask.replace('GET', 'OPTIONS'), 405],
])('%s is answered, and closes the connection', async (_what, bytes, status) => {
  app.draining.active = true
  const request = new RawRequest(url)
  request.write(bytes)
  const responses = await request.all()
  expect(responses).toContain(`HTTP/1.1 ${status} `)
  expect(closing(responses)).toEqual([true])
})
