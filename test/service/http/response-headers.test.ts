import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'
import { expectSecurityHeaders } from '../../support/security-headers.ts'

// Over a connection: a header that is sent twice shows as `DENY, DENY`.

const origin = 'https://app.example.com'
const own = { 'X-Frame-Options': 'SAMEORIGIN' }
let app: FastifyInstance
let url: string

beforeAll(async () => {
  app = await testApp({ CORS_ORIGINS: origin })
  app.get('/data', async () => ({ data: true }))
  app.get('/stream', async (_request, reply) => reply.send(Readable.from(['data'])))
  app.get('/away', async (_request, reply) => reply.redirect('/data'))
  app.get('/unsendable', async (_request, reply) => reply.header('x-bad', 'a\nb').send({}))
  app.get('/cookies', async (_request, reply) =>
    reply.header('set-cookie', ['a=1', 'b=2']).send({}),
  )
  app.get('/implicit', async (_request, reply) => {
    reply.hijack()
    reply.raw.end('raw')
  })
  app.get('/raw', async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(202, 'Taken', { 'Content-Type': 'text/plain' }).end('raw')
  })
  app.get('/raw-pairs', async (_request, reply) => {
    reply.hijack()
    const cookies = ['Set-Cookie', 'a=1', 'set-cookie', 'b=2']
    reply.raw.writeHead(200, [...cookies, 'x-own', '1']).end('raw')
  })
  app.get('/own', async (_request, reply) => reply.headers(own).send({}))
  app.get('/own-stream', async (_request, reply) => reply.headers(own).send(Readable.from([''])))
  app.get('/own-head', async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, own).end('raw')
  })
  app.get('/own-pairs', async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, 'OK', Object.entries(own).flat()).end('raw')
  })
  app.get('/own-header', async (_request, reply) => {
    reply.hijack()
    reply.raw.setHeader('X-FRAME-options', 'SAMEORIGIN')
    reply.raw.writeHead(200, { 'x-own': '1' }).end('raw')
  })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(() => app.close())

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init })
  await response.text()
  const { status, statusText, headers } = response
  const cookies = headers.getSetCookie()
  return { status, statusText, headers: Object.fromEntries(headers), cookies }
}

test.each([
  ['/data', 200],
  ['/stream', 200],
  ['/away', 302],
  ['/nothing', 404],
  ['/%', 400],
  ['/unsendable', 500],
  ['/cookies', 200],
  ['/implicit', 200],
  ['/raw', 202],
  ['/raw-pairs', 200],
])('%s has each security header once', async (path, status) => {
  const response = await get(path)
  expect(response.status).toBe(status)
  expectSecurityHeaders(response.headers, path)
})

test('a preflight has each security header once', async () => {
  const headers = { origin, 'access-control-request-method': 'PUT' }
  const response = await get('/data', { method: 'OPTIONS', headers })
  expect(response.status).toBe(204)
  expectSecurityHeaders(response.headers)
})

test.each(['/own', '/own-stream', '/own-head', '/own-pairs', '/own-header'])(
  '%s has its own value once',
  async (path) => {
    const { headers } = await get(path)
    expect(headers['x-frame-options']).toBe('SAMEORIGIN')
    expectSecurityHeaders({ ...headers, 'x-frame-options': 'DENY' }, path)
  },
)

test('the other headers and the reason of a response are kept', async () => {
  expect((await get('/raw')).statusText).toBe('Taken')
  expect((await get('/raw')).headers['content-type']).toBe('text/plain')
  expect((await get('/cookies')).cookies).toEqual(['a=1', 'b=2'])
  expect((await get('/raw-pairs')).cookies).toEqual(['a=1', 'b=2'])
  expect((await get('/raw-pairs')).headers['x-own']).toBe('1')
  expect((await get('/own-header')).headers['x-own']).toBe('1')
  expect((await get('/away')).headers.location).toBe('/data')
  expect((await get('/data')).headers['content-length']).toBe('13')
})

test('responses of the API load and frame nothing, and may use no feature of a device', async () => {
  const { headers } = await get('/data')
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  )
  const denied = String(headers['permissions-policy']).split(', ')
  const features = 'geolocation microphone camera payment usb magnetometer gyroscope accelerometer'
  for (const feature of features.split(' ')) expect(denied).toContain(`${feature}=()`)
})

test('the page of the documentation runs its own scripts and styles, and no others', async () => {
  const text = async (path: string) => (await fetch(`${url}${path}`)).text()
  const policy = String((await get('/docs')).headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'; script-src 'self';")
  expect(policy).not.toContain('unsafe')
  const page = await text('/docs')
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
  const scripts = [...page.matchAll(/<script src="([^"]+)"/g)].map((match) => match[1] ?? '')
  let hashes = 0
  for (const path of scripts) {
    const script = await text(new URL(path, `${url}/docs/`).pathname)
    for (const [, style = ''] of script.matchAll(/"style",null,"([^"]+)"/g)) {
      expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
      hashes += 1
    }
  }
  expect(hashes).toBeGreaterThan(0)
})
