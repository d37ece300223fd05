import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConflictError, ServiceUnavailableError } from '../../src/http/app-error.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { expectProblem } from '../support/problem.ts'

const Body = Type.Object(
  { name: Type.String({ minLength: 3 }), age: Type.Integer(), tags: Type.Array(Type.String()) },
  { additionalProperties: false },
)
const Query = Type.Object(
  { limit: Type.Integer({ maximum: 9 }), sort: Type.Optional(Type.Enum(['asc', 'desc'])) },
  { additionalProperties: false },
)

class StoreError extends Error {}

const throwing: Record<string, unknown> = {
  '/bug': new Error('password=hunter2'),
  '/not-an-error': 'hunter2',
  // What SDKs and other services throw is about our request to them, not about the client's.
  '/sdk': Object.assign(new Error('Invalid API key: hunter2'), { statusCode: 401 }),
  '/sdk-status': Object.assign(new Error('hunter2'), { status: 404, expose: true }),
  '/sdk-validation': Object.assign(new Error('hunter2'), { statusCode: 400, validation: [] }),
  '/gateway': Object.assign(new Error('hunter2'), { statusCode: 502 }),
  '/taken': new ConflictError('ada@example.com is taken.'),
  '/conflict': new ConflictError('The name is taken.', { extra: { checks: { name: 'taken' } } }),
  '/away': new ServiceUnavailableError('Down for maintenance.', 120),
  '/store': new StoreError('hunter2'),
}

const routes: FastifyPluginAsyncTypebox = async (app) => {
  for (const [path, error] of Object.entries(throwing)) {
    app.get(path, async () => {
      throw error
    })
  }
  app.post('/echo', { schema: { body: Body } }, async (request) => request.body)
  app.post('/any', async (request) => ({ body: request.body ?? null }))
  app.delete('/items/:id', async (_request, reply) => reply.code(204).send())
  app.get('/list', { schema: { querystring: Query } }, async (request) => request.query)
  const params = Type.Object({ id: Type.Integer() })
  app.get('/items/:id', { schema: { params } }, async (request) => request.params)
  const headers = Type.Object({ 'x-version': Type.Integer() })
  app.get('/versioned', { schema: { headers } }, async (request) => request.headers['x-version'])
  app.get(
    '/broken-response',
    { schema: { response: { 200: Type.Object({ count: Type.Integer() }) } } },
    async () => ({ count: 'many' }) as never,
  )
}

const log = new LogLines()
let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ BODY_LIMIT: '1000', LOG_LEVEL: 'info' }, { logStream: log })
  app.mapErrors((error) =>
    error instanceof StoreError ? new ConflictError('The store refused.') : undefined,
  )
  await app.register(routes)
})

afterAll(() => app.close())

describe('path and method', () => {
  test('an unknown path returns 404', async () => {
    const response = await app.inject('/nowhere?token=hunter2')
    expectProblem(response, 404, 'not-found', { instance: '/nowhere' })
  })

  test.each([
    ['POST', '/conflict', 'GET, HEAD'],
    ['OPTIONS', '/conflict', 'GET, HEAD'],
    ['PATCH', '/items/7?x=1', 'DELETE, GET, HEAD'],
  ] as const)('%s %s returns 405 with the methods that exist', async (method, url, allow) => {
    const response = await app.inject({ method, url })
    expectProblem(response, 405, 'method-not-allowed', { instance: url.replace(/\?.*/, '') })
    expect(response.headers.allow).toBe(allow)
  })

  test('a path that cannot be decoded returns 400, one with an overlong part 414', async () => {
    const detail = 'The path cannot be decoded.'
    expectProblem(await app.inject('/items/%zz'), 400, 'bad-request', { detail })
    expectProblem(await app.inject(`/items/${'7'.repeat(200)}`), 414, 'uri-too-long')
  })

  test('HEAD returns status and headers without a body', async () => {
    const response = await app.inject({ method: 'HEAD', url: '/nowhere' })
    expect(response.statusCode).toBe(404)
    expect(response.headers['content-type']).toBe('application/problem+json')
    expect(response.body).toBe('')
  })
})

describe('a body', () => {
  function post(payload: string | Buffer, url = '/echo', headers: InjectOptions['headers'] = {}) {
    const json = { 'content-type': 'application/json', ...headers }
    return app.inject({ method: 'POST', url, payload, headers: json })
  }

  test('arrives as it was sent', async () => {
    const body = { name: 'Ada \u{1f600} \\ud800', age: 36, tags: ['a'] }
    expect((await post(JSON.stringify(body))).json()).toEqual(body)
    const escaped = '{"name":"\\ud83d\\ude00\\\\ud800","age":1,"tags":[]}'
    expect((await post(escaped)).json().name).toBe('\u{1f600}\\ud800')
  })

  test.each([
    ['malformed', '{"name":'],
    ['nested too deeply', `${'['.repeat(65)}${']'.repeat(65)}`],
    ['with a key that changes a prototype', '{"__proto__":{"admin":true}}'],
    ['with half a surrogate pair in a value', '{"name":"\\uD800"}'],
    ['with half a surrogate pair in a key', '{"a\\udc00\\ud800":1}'],
    ['of invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
  ])('that is %s returns 400', async (_what, body) => {
    expectProblem(await post(body, '/any'), 400, 'bad-request')
  })

  test('larger than BODY_LIMIT returns 413', async () => {
    expectProblem(await post(JSON.stringify('x'.repeat(1_000))), 413, 'payload-too-large')
  })

  test('of another type returns 415', async () => {
    for (const type of ['application/xml', 'text/plain']) {
      const response = await post('<a/>', '/echo', { 'content-type': type })
      expectProblem(response, 415, 'unsupported-media-type')
    }
  })

  test('that is compressed returns 415 and says what to do', async () => {
    const response = await post('x', '/any', { 'content-encoding': 'gzip' })
    const detail = 'Compressed bodies are not supported. Send it without Content-Encoding.'
    expectProblem(response, 415, 'unsupported-media-type', { detail })
    expect(response.headers['accept-encoding']).toBe('identity')
    expect((await post('{}', '/any', { 'content-encoding': 'identity' })).statusCode).toBe(200)
  })

  test('that is empty is fine where none is needed, and returns 422 elsewhere', async () => {
    const headers = { 'content-type': 'application/json' }
    const deleted = await app.inject({ method: 'DELETE', url: '/items/7', headers })
    expect(deleted.statusCode).toBe(204)
    expect((await post('', '/any')).json()).toEqual({ body: null })
    for (const response of [await post(''), await app.inject({ method: 'POST', url: '/echo' })]) {
      const { errors } = expectProblem(response, 422, 'validation-error')
      expect(errors).toEqual([{ detail: 'must be object', pointer: '#' }])
    }
  })

  test('returns 422 with every fault, unknown and missing fields too, and no value', async () => {
    const response = await post('{"name":"hu","age":"36","tags":[1,"x"],"a/b~c":"hunter2"}')
    const { errors } = expectProblem(response, 422, 'validation-error')
    expect(errors).toEqual([
      { detail: 'is not known', pointer: '#/a~1b~0c' },
      { detail: 'must NOT have fewer than 3 characters', pointer: '#/name' },
      { detail: 'must be integer', pointer: '#/age' },
      { detail: 'must be string', pointer: '#/tags/0' },
    ])
    expect(response.body).not.toContain('hunter2')
    const missing = expectProblem(await post('{"name":"Ada","tags":[]}'), 422, 'validation-error')
    expect(missing.errors).toEqual([{ detail: 'is required', pointer: '#/age' }])
  })
})

describe('path, query and headers', () => {
  test('are converted to the types of their schemas', async () => {
    expect((await app.inject('/list?limit=5&sort=asc')).json()).toEqual({ limit: 5, sort: 'asc' })
    expect((await app.inject('/items/7')).json()).toEqual({ id: 7 })
  })

  test.each([
    [
      '/list?limit=10&sort=hunter2&page=2',
      [
        { detail: 'is not known', pointer: '#/page', in: 'query' },
        { detail: 'must be <= 9', pointer: '#/limit', in: 'query' },
        { detail: 'must be one of asc, desc', pointer: '#/sort', in: 'query' },
      ],
    ],
    ['/items/x', [{ detail: 'must be integer', pointer: '#/id', in: 'path' }]],
    ['/versioned', [{ detail: 'is required', pointer: '#/x-version', in: 'header' }]],
  ])('%s returns 422 with every fault', async (url, expected) => {
    const response = await app.inject(url)
    expect(expectProblem(response, 422, 'validation-error').errors).toEqual(expected)
    expect(response.body).not.toContain('hunter2')
  })

  test.each(['1e999', '-1e999', 'Infinity'])(
    'refuse a number that is not finite: %s',
    async (text) => {
      const problem = expectProblem(
        await app.inject(`/list?limit=${text}`),
        422,
        'validation-error',
      )
      expect(problem.errors).toMatchObject([{ pointer: '#/limit', in: 'query' }])
    },
  )
})

describe('a handler that throws', () => {
  test('an AppError returns it, with its members and headers', async () => {
    const conflict = await app.inject('/conflict')
    const { checks } = expectProblem(conflict, 409, 'conflict', { detail: 'The name is taken.' })
    expect(checks).toEqual({ name: 'taken' })
    const away = await app.inject('/away')
    expectProblem(away, 503, 'service-unavailable', { detail: 'Down for maintenance.' })
    expect(away.headers['retry-after']).toBe('120')
  })

  test('masks what detail and path say about a person', async () => {
    const detail = 'a***@example.com is taken.'
    expectProblem(await app.inject('/taken'), 409, 'conflict', { detail })
    const instance = '/users/a***@example.com'
    expectProblem(await app.inject('/users/ada@example.com'), 404, 'not-found', { instance })
  })

  test('an error that a mapper knows returns what the mapper says', async () => {
    const detail = 'The store refused.'
    expectProblem(await app.inject('/store'), 409, 'conflict', { detail })
  })

  test.each([
    '/bug',
    '/not-an-error',
    '/sdk',
    '/sdk-status',
    '/sdk-validation',
    '/gateway',
    '/broken-response',
  ])('anything else returns 500, and only the log tells why: %s', async (url) => {
    log.lines.length = 0
    const response = await app.inject(url)
    const detail = 'An unexpected error occurred.'
    const { request_id } = expectProblem(response, 500, 'internal-error', { detail })
    expect(response.body).not.toMatch(/hunter2|many|stack/)
    expect(log.lines).toHaveLength(1)
    expect(log.lines[0]).toMatchObject({ level: 'error', request_id })
    const err =
      throwing[url] instanceof Error ? { stack: expect.stringContaining('problems.test.ts') } : {}
    expect(log.lines[0]).toMatchObject(throwing[url] instanceof Error ? { err } : {})
  })
})
