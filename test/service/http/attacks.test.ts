import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'
import { LogLines } from '../../support/log.ts'
import { expectProblem } from '../../support/problem.ts'

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

function post(payload: string | Buffer, url = '/any', headers: InjectOptions['headers'] = {}) {
  const json = { 'content-type': 'application/json', ...headers }
  return app.inject({ method: 'POST', url, payload, headers: json })
}

test('forged X-Forwarded-* headers change nothing', async () => {
  const plain = await app.inject('/me')
  const headers = {
    'x-forwarded-for': '203.0.113.9, 10.0.0.1',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=203.0.113.9',
    'x-real-ip': '203.0.113.9',
  }
  const response = await app.inject({ url: '/me', headers })
  expect(response.json()).toEqual(plain.json())
  expect(log.lines.at(-1)).toMatchObject({ client_ip: '127.0.0.1' })
})

describe('JSON', () => {
  test('beyond BODY_LIMIT returns 413, whether announced or not', async () => {
    const large = JSON.stringify('x'.repeat(app.config.server.bodyLimit))
    expectProblem(await post(large), 413, 'payload-too-large')
    const announced = await post('{}', '/any', { 'content-length': '999999999' })
    expectProblem(announced, 413, 'payload-too-large')
  })

  test.each([
    ['65 nested arrays', 65, '[', ']'],
    ['65 nested objects', 65, '{"a":', '}'],
    ['45,000 nested arrays', 45_000, '[', ']'],
    ['45,000 arrays that never end', 45_000, '[', ''],
  ])('of %s returns 400', async (_what, depth, open, close) => {
    const body = `${open.repeat(depth)}1${close.repeat(depth)}`
    const detail = 'The JSON is nested too deeply.'
    expectProblem(await post(body), 400, 'bad-request', { detail })
  })

  test.each([
    ['64 levels deep', `${'['.repeat(64)}${']'.repeat(64)}`],
    ['wide', `[${'[],'.repeat(9_000)}{}]`],
    [
      'full of brackets in strings',
      JSON.stringify({ a: '[{'.repeat(100), 'b"\\': ['\\"['.repeat(100)] }),
    ],
    ['full of emoji', JSON.stringify({ '\u{1f600}': '\u{10ffff}\u{1f600}' })],
  ])('that is %s is accepted', async (_what, body) => {
    expect((await post(body)).body).toBe(body)
  })

  test.each([
    ['"\\ud83d\\ude00"', true],
    ['"\\uD83D\\uDE00"', true],
    ['"\\\\ud800"', true],
    ['"\\\\\\\\uDFFF"', true],
    ['"\\u0041\\u005cud800"', true],
    ['{"\\ud83d\\ude00":1}', true],
    ['"\\ud800"', false],
    ['"\\uDFFF"', false],
    ['"\\\\\\ud800"', false],
    ['"\\ude00\\ud83d"', false],
    ['"\\ud83d\\ud83d\\ude00"', false],
    ['"\\ud83d \\ude00"', false],
    ['["\\ud83d","\\ude00"]', false],
    ['{"a":{"\\ud800":1}}', false],
    ['"\\udbff\u{1f600}"', false],
  ])('%s is well-formed: %s', async (body, isWellFormed) => {
    const response = await post(`[${body}]`)
    const detail = 'The JSON has an unpaired surrogate.'
    if (isWellFormed) expect(response.json()).toEqual([JSON.parse(body)])
    else expectProblem(response, 400, 'bad-request', { detail })
  })

  test.each([
    ['a continuation byte alone', [0x80]],
    ['a sequence cut short', [0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['latin1', [0xe9]],
    ['UTF-16', [...Buffer.from('{"a":1}', 'utf16le').swap16(), 0xff]],
  ])('with %s is not UTF-8 and returns 400', async (_what, bytes) => {
    const body = Buffer.from([0x22, ...bytes, 0x22])
    const detail = 'The body is not valid UTF-8.'
    expectProblem(await post(body), 400, 'bad-request', { detail })
  })

  test.each(['gzip', 'GZIP', 'br', 'deflate', 'zstd', 'identity, gzip', 'x'])(
    'with Content-Encoding %s returns 415',
    async (encoding) => {
      const response = await post('{}', '/any', { 'content-encoding': encoding })
      expectProblem(response, 415, 'unsupported-media-type')
    },
  )
})

describe('prototypes', () => {
  test.each([
    '{"__proto__":{"admin":true}}',
    '{"a":{"__proto__":{"admin":true}}}',
    '{"\\u005f_proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
  ])('are out of reach of the body %s', async (body) => {
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

test('a pointer to a key is a fragment of a URI', async () => {
  const response = await post('{"name":"a","%#<é>/~":1}', '/strict')
  const problem = expectProblem(response, 422, 'validation-error')
  expect(problem.errors).toEqual([{ detail: 'is not known', pointer: '#/%25%23%3C%C3%A9%3E~1~0' }])
})

test('text/plain, which any page may send, is not read as JSON', async () => {
  const response = await post('{"name":"a"}', '/strict', { 'content-type': 'text/plain' })
  expectProblem(response, 415, 'unsupported-media-type')
})
