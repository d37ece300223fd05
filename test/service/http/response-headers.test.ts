import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectSecurityHeaders } from '../support/security-headers.ts'

// Over a connection; what is injected has another kind of response.
let app: FastifyInstance
let url: string

beforeAll(async () => {
  app = await testApp()
  app.get('/data', async () => ({ data: true }))
  app.get('/stream', async (_request, reply) => reply.send(Readable.from(['data'])))
  app.get('/away', async (_request, reply) => reply.redirect('/data'))
  app.get('/unsendable', async (_request, reply) => reply.header('x-bad', 'a\nb').send({}))
  app.get('/cookies', async (_request, reply) =>
    reply.header('set-cookie', ['a=1', 'b=2']).send({}),
  )
  app.get('/raw', async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(202, 'Taken', { 'content-type': 'text/plain' }).end('raw')
  })
  app.get('/pairs', async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, ['x-frame-options', 'SAMEORIGIN', 'x-own', '1']).end('raw')
  })
  app.get('/piecemeal', async (_request, reply) => {
    reply.hijack()
    reply.raw.setHeader('X-Frame-Options', 'SAMEORIGIN')
    reply.raw.end('raw')
  })
  for (const [path, send] of Object.entries({
    own: () => ({}),
    ownStream: () => Readable.from(['']),
  })) {
    app.get(`/${path}`, async (_request, reply) =>
      reply.header('x-frame-options', 'SAMEORIGIN').send(send()),
    )
  }
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(() => app.close())

const get = async (path: string) => {
  const { status, statusText, headers } = await fetch(`${url}${path}`, { redirect: 'manual' })
  return {
    status,
    statusText,
    headers: Object.fromEntries(headers),
    cookies: headers.getSetCookie(),
  }
}

test.each([
  ['/data', 200],
  ['/stream', 200],
  ['/away', 302],
  ['/nothing', 404],
  ['/%', 400],
  ['/raw', 202],
  ['/unsendable', 500],
  ['/cookies', 200],
])('%s has each security header once', async (path, status) => {
  const response = await get(path)
  expect(response.status).toBe(status)
  // Twice would be `DENY, DENY`.
  expectSecurityHeaders(response.headers, path)
})

test.each(['/own', '/ownStream', '/pairs', '/piecemeal'])(
  '%s says something else',
  async (path) => {
    const { headers } = await get(path)
    expect(headers['x-frame-options']).toBe('SAMEORIGIN')
    expectSecurityHeaders({ ...headers, 'x-frame-options': 'DENY' }, path)
  },
)

test('what a response says itself is kept', async () => {
  expect((await get('/raw')).statusText).toBe('Taken')
  expect((await get('/cookies')).cookies).toEqual(['a=1', 'b=2'])
  expect((await get('/away')).headers.location).toBe('/data')
  expect((await get('/pairs')).headers['x-own']).toBe('1')
  expect((await get('/data')).headers['content-length']).toBe('13')
})
