import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConflictError, ServiceUnavailableError } from '../../src/http/app-error.ts'
import { testApp } from '../support/app.ts'
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

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/echo', { schema: { body: Body } }, async (request) => request.body)
  app.get('/list', { schema: { querystring: Query } }, async (request) => request.query)
  app.get(
    '/items/:id',
    { schema: { params: Type.Object({ id: Type.Integer() }) } },
    async (request) => request.params,
  )
  app.get(
    '/versioned',
    { schema: { headers: Type.Object({ 'x-version': Type.Integer() }) } },
    async (request) => request.headers['x-version'],
  )
  app.get('/conflict', async () => {
    throw new ConflictError('The name is taken.', { extra: { checks: { name: 'taken' } } })
  })
  app.get('/away', async () => {
    throw new ServiceUnavailableError('Down for maintenance.', 120)
  })
  app.get('/bug', async () => {
    throw new Error('password=hunter2')
  })
  app.get('/not-even-an-error', async () => {
    throw 'hunter2'
  })
  app.get('/foreign-status', async () => {
    throw Object.assign(new Error('hunter2'), { statusCode: 502 })
  })
  app.get('/teapot', async () => {
    throw Object.assign(new Error('Short and stout.'), { statusCode: 418 })
  })
  app.get('/store', async () => {
    throw new StoreError('hunter2')
  })
  app.get(
    '/broken-response',
    { schema: { response: { 200: Type.Object({ count: Type.Integer() }) } } },
    async () => ({ count: 'many' }) as never,
  )
}

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ BODY_LIMIT: '1000' })
  app.mapErrors((error) =>
    error instanceof StoreError ? new ConflictError('The store said no.') : undefined,
  )
  await app.register(routes)
})

afterAll(() => app.close())

describe('the path and the method', () => {
  test('an unknown path is a 404', async () => {
    const response = await app.inject('/nowhere?token=hunter2')
    expectProblem(response, 404, 'not-found', { instance: '/nowhere' })
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'] as const)(
    '%s on a GET route is a 405',
    async (method) => {
      const response = await app.inject({ method, url: '/conflict' })
      expectProblem(response, 405, 'method-not-allowed')
      expect(response.headers.allow).toBe('GET, HEAD')
    },
  )

  test('a path with parameters is known too', async () => {
    const response = await app.inject({ method: 'PATCH', url: '/items/7?x=1' })
    expectProblem(response, 405, 'method-not-allowed', { instance: '/items/7' })
  })

  test('a URL that cannot be decoded is a 400', async () => {
    const response = await app.inject('/items/%zz')
    expectProblem(response, 400, 'bad-request', { detail: 'The path cannot be read.' })
  })

  test('a path with an overlong part is a 414', async () => {
    const response = await app.inject(`/items/${'7'.repeat(200)}`)
    expectProblem(response, 414, 'uri-too-long')
  })

  test('HEAD has the status and the headers, and no body', async () => {
    const response = await app.inject({ method: 'HEAD', url: '/nowhere' })
    expect(response.statusCode).toBe(404)
    expect(response.headers['content-type']).toBe('application/problem+json')
    expect(response.body).toBe('')
  })
})

describe('the body', () => {
  function post(payload: string, type = 'application/json') {
    return app.inject({
      method: 'POST',
      url: '/echo',
      payload,
      headers: { 'content-type': type },
    })
  }

  test('a right one arrives as it was sent', async () => {
    const body = { name: 'Ada', age: 36, tags: ['a'] }
    const response = await post(JSON.stringify(body))
    expect(response.json()).toEqual(body)
  })

  test('malformed JSON is a 400', async () => {
    expectProblem(await post('{"name":'), 400, 'bad-request')
  })

  test('a forbidden key is a 400', async () => {
    expectProblem(await post('{"__proto__":{}}'), 400, 'bad-request')
  })

  test('no JSON where JSON is announced is a 400', async () => {
    expectProblem(await post(''), 400, 'bad-request')
  })

  test('more than BODY_LIMIT is a 413', async () => {
    expectProblem(await post(JSON.stringify('x'.repeat(1000))), 413, 'payload-too-large')
  })

  test('an unknown media type is a 415', async () => {
    expectProblem(await post('<a/>', 'application/xml'), 415, 'unsupported-media-type')
  })

  test('every fault is listed, unknown fields too, and no value is repeated', async () => {
    const response = await post('{"name":"hu","age":"36","tags":[1,"x"],"a/b~c":"hunter2"}')
    const problem = expectProblem(response, 422, 'validation-error')
    expect(problem.errors).toEqual([
      { detail: 'is not known', pointer: '#/a~1b~0c' },
      { detail: 'must NOT have fewer than 3 characters', pointer: '#/name' },
      { detail: 'must be integer', pointer: '#/age' },
      { detail: 'must be string', pointer: '#/tags/0' },
    ])
    expect(response.body).not.toContain('hunter2')
  })

  test('a missing field is pointed at', async () => {
    const problem = expectProblem(await post('{"name":"Ada","tags":[]}'), 422, 'validation-error')
    expect(problem.errors).toEqual([{ detail: 'is required', pointer: '#/age' }])
  })

  test('a body that is missing altogether is a 422', async () => {
    const response = await app.inject({ method: 'POST', url: '/echo' })
    const problem = expectProblem(response, 422, 'validation-error')
    expect(problem.errors).toEqual([{ detail: 'must be object', pointer: '#' }])
  })
})

describe('path, query and headers', () => {
  test('text becomes what the schema says', async () => {
    expect((await app.inject('/list?limit=5&sort=asc')).json()).toEqual({ limit: 5, sort: 'asc' })
    expect((await app.inject('/items/7')).json()).toEqual({ id: 7 })
  })

  test('every fault of the query is listed', async () => {
    const response = await app.inject('/list?limit=10&sort=hunter2&page=2')
    const problem = expectProblem(response, 422, 'validation-error', { instance: '/list' })
    expect(problem.errors).toEqual([
      { detail: 'is not known', pointer: '#/page', in: 'query' },
      { detail: 'must be <= 9', pointer: '#/limit', in: 'query' },
      { detail: 'must be one of asc, desc', pointer: '#/sort', in: 'query' },
    ])
    expect(response.body).not.toContain('hunter2')
  })

  test('so are those of the path and the headers', async () => {
    const path = expectProblem(await app.inject('/items/x'), 422, 'validation-error')
    expect(path.errors).toEqual([{ detail: 'must be integer', pointer: '#/id', in: 'path' }])
    const headers = expectProblem(await app.inject('/versioned'), 422, 'validation-error')
    expect(headers.errors).toEqual([
      { detail: 'is required', pointer: '#/x-version', in: 'header' },
    ])
  })
})

describe('what handlers throw', () => {
  test('an error of the application is told, with its members', async () => {
    const response = await app.inject('/conflict')
    const problem = expectProblem(response, 409, 'conflict', { detail: 'The name is taken.' })
    expect(problem.checks).toEqual({ name: 'taken' })
  })

  test('an unavailable service says when to come back', async () => {
    const response = await app.inject('/away')
    expectProblem(response, 503, 'service-unavailable', { detail: 'Down for maintenance.' })
    expect(response.headers['retry-after']).toBe('120')
  })

  test.each(['/bug', '/not-even-an-error', '/foreign-status', '/broken-response'])(
    '%s is a 500 that tells nothing',
    async (url) => {
      const response = await app.inject(url)
      expectProblem(response, 500, 'internal-error', { detail: 'An unexpected error occurred.' })
      expect(response.body).not.toMatch(/hunter2|many|stack/)
    },
  )

  test('an error with a status of the client keeps it', async () => {
    const response = await app.inject('/teapot')
    expect(response.json()).toMatchObject({ type: 'about:blank', detail: 'Short and stout.' })
  })

  test('a mapper of a plugin decides about the errors that it knows', async () => {
    expectProblem(await app.inject('/store'), 409, 'conflict', { detail: 'The store said no.' })
  })
})
