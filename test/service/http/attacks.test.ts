import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { expectProblem } from '../support/problem.ts'

// Bodies that arrive slowly or not at all: test/integration/client-error.test.ts.

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/any', async (request) => request.body)
  app.post(
    '/strict',
    {
      schema: {
        body: Type.Object({ name: Type.String() }, { additionalProperties: false }),
        querystring: Type.Object({ page: Type.Optional(Type.Integer()) }),
      },
    },
    async (request) => request.body,
  )
  app.get('/me', async ({ ip, host, protocol }) => ({ ip, host, protocol }))
}

const log = new LogLines()
let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ LOG_LEVEL: 'info' }, { logStream: log })
  await app.register(routes)
})

afterAll(() => app.close())

function post(payload: string, url = '/any', headers: InjectOptions['headers'] = {}) {
  const json = { 'content-type': 'application/json', ...headers }
  return app.inject({ method: 'POST', url, payload, headers: json })
}

test('forged X-Forwarded-* headers change nothing', async () => {
  const plain = await app.inject('/me')
  const forged = {
    'x-forwarded-for': '203.0.113.9, 10.0.0.1',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=203.0.113.9',
    'x-real-ip': '203.0.113.9',
  }
  const response = await app.inject({ url: '/me', headers: forged })
  expect(response.json()).toEqual(plain.json())
  expect(log.lines.at(-1)).toMatchObject({ client_ip: '127.0.0.1' })
})

describe('JSON', () => {
  test('beyond BODY_LIMIT is a 413, announced or not', async () => {
    const large = JSON.stringify('x'.repeat(app.config.server.bodyLimit))
    expectProblem(await post(large), 413, 'payload-too-large')
    const announced = await post('{}', '/any', { 'content-length': '999999999' })
    expectProblem(announced, 413, 'payload-too-large')
  })

  test.each([
    ['arrays', 65, '[', ']'],
    ['objects', 65, '{"a":', '}'],
    ['very many arrays', 45_000, '[', ']'],
    ['arrays that never end', 45_000, '[', ''],
  ])('of %s within each other is a 400', async (_what, depth, open, close) => {
    const body = `${open.repeat(depth)}1${close.repeat(depth)}`
    const detail = 'The JSON is nested too deeply.'
    expectProblem(await post(body), 400, 'bad-request', { detail })
  })

  test.each([
    ['as deep as allowed', `${'['.repeat(64)}${']'.repeat(64)}`],
    ['wide', `[${'[],'.repeat(9_000)}{}]`],
    [
      'with brackets in texts',
      JSON.stringify({ a: '[{'.repeat(100), 'b"\\': ['\\"['.repeat(100)] }),
    ],
  ])('that is %s is read', async (_what, body) => {
    const response = await post(body)
    expect(response.body).toBe(body)
  })
})

describe('prototypes', () => {
  test.each([
    '{"__proto__":{"admin":true}}',
    '{"a":{"__proto__":{"admin":true}}}',
    '{"\\u005f_proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
  ])('are out of reach of %s', async (body) => {
    expectProblem(await post(body), 400, 'bad-request')
    expect({}).not.toHaveProperty('admin')
  })

  test('are out of reach of a query', async () => {
    await post('{"name":"a"}', '/strict?__proto__[admin]=1&__proto__.admin=1&constructor=1')
    expect({}).not.toHaveProperty('admin')
  })

  test.each(['toString', 'hasOwnProperty', 'constructor', 'valueOf'])(
    'do not make %s a known property',
    async (name) => {
      const response = await post(`{"name":"a","${name}":1}`, '/strict')
      const problem = expectProblem(response, 422, 'validation-error')
      expect(problem.errors).toEqual([{ detail: 'is not known', pointer: `#/${name}` }])
    },
  )
})

test.each(['/%0d%0ax-evil:%201', '/strict%0d%0a%0d%0a<script>', '/?a=%0d%0ax-evil:1'])(
  'a line break in %s gets into no header',
  async (url) => {
    const response = await app.inject(url)
    expectProblem(response, 404, 'not-found')
    expect(response.headers).not.toHaveProperty('x-evil')
  },
)

test.each(['a\tb', 'a b', '<script>', 'x'.repeat(129), ''])(
  'the request id %j is not taken over',
  async (id) => {
    const response = await app.inject({ url: '/me', headers: { 'x-request-id': id } })
    expect(response.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
  },
)

test('a key is pointed at as a fragment of a URI', async () => {
  const response = await post('{"name":"a","\\ud800 %#<é>/~":1}', '/strict')
  const problem = expectProblem(response, 422, 'validation-error')
  expect(problem.errors).toEqual([
    { detail: 'is not known', pointer: '#/%EF%BF%BD%20%25%23%3C%C3%A9%3E~1~0' },
  ])
})

test('text/plain, which any page may send, is no JSON', async () => {
  const response = await post('{"name":"a"}', '/strict', { 'content-type': 'text/plain' })
  expectProblem(response, 415, 'unsupported-media-type')
})
