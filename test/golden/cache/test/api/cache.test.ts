import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest, InjectOptions } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { storeKindOf } from '../../src/cache/open-store.ts'
import { type Env, loadConfig } from '../../src/config/index.ts'
import { NotFoundError } from '../../src/http/app-error.ts'
import type { Cache, Identity } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'

const cached: Cache = { ttl: 60, tags: ['works'] }
const invalidating: Cache = { invalidates: ['works'] }
let app: FastifyInstance
let log: LogLines
/** How often the handler of `GET /works` ran. */
let runs: number

beforeEach(() => {
  log = new LogLines()
  runs = 0
})
afterEach(() => {
  vi.restoreAllMocks()
  return app.close()
})

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

/** Starts the service with a cached route `GET /works`; the header `x-who` proves an identity. */
async function start(handler: Handler = () => ({ run: runs }), env: Env = {}): Promise<void> {
  app = await testApp({ LOG_LEVEL: 'info', ...env }, { logStream: log })
  app.addHook('onRequest', async (request) => {
    const { 'x-who': who } = request.headers
    if (who) request.identity = { userId: who } as Identity
  })
  app.get('/works', { config: { cache: cached } }, async (request, reply) => {
    runs += 1
    return handler(request, reply)
  })
}

const get = (headers: InjectOptions['headers'] = {}, url = '/works') => app.inject({ url, headers })

test('a response is cached, and tells how old it is', async () => {
  await start((_request, reply) => {
    reply.header('link', '</works?after=1>; rel="next"')
    return { run: runs }
  })
  const first = await get()
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 5_000)
  const second = await get()
  expect(runs).toBe(1)
  expect(second.json()).toEqual({ run: 1 })
  expect(first.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'public, max-age=60',
    vary: 'authorization, cookie, x-api-key',
    etag: expect.stringMatching(/^"[\w-]{43}"$/),
    age: '0',
  })
  const { link, etag } = first.headers
  expect(second.headers).toMatchObject({ link, etag, age: '5' })
})

test('a client that has the current version gets a 304', async () => {
  await start()
  const { etag } = (await get()).headers
  for (const known of [`${etag}`, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await get({ 'if-none-match': known })
    expect(response, known).toMatchObject({ statusCode: 304, body: '' })
    expect(response.headers).toMatchObject({ etag, 'cache-control': 'public, max-age=60' })
    expect(response.headers).not.toHaveProperty('content-type')
  }
  expect((await get({ 'if-none-match': '"other"' })).statusCode).toBe(200)
  expect(runs).toBe(1)
})

test('a HEAD is answered with the headers of the GET', async () => {
  await start()
  const { headers } = await get()
  const head = await app.inject({ method: 'HEAD', url: '/works' })
  expect(head.body).toBe('')
  expect(head.headers).toMatchObject({
    etag: headers.etag,
    'content-length': headers['content-length'],
  })
  expect(runs).toBe(1)
})

test('each query has its response', async () => {
  await start(({ query }) => query as object)
  for (const page of ['1', '2', '1']) {
    expect((await get({}, `/works?page=${page}`)).json()).toEqual({ page })
  }
  expect(runs).toBe(2)
})

test('each caller has their own responses, which nobody else may keep', async () => {
  await start(({ identity }) => ({ for: identity?.userId ?? 'anyone' }))
  for (const who of ['ada', 'bob', 'ada', 'bob']) {
    const { body, headers } = await get({ 'x-who': who })
    expect(JSON.parse(body)).toEqual({ for: who })
    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers).not.toHaveProperty('age')
  }
  expect(runs).toBe(2)
  expect((await get()).json()).toEqual({ for: 'anyone' })
})

test.each(['authorization', 'cookie', 'x-api-key'])(
  'a request with an unverified %s passes the cache by',
  async (name) => {
    await start(({ headers }) => ({ sent: headers[name] ?? null }))
    await get()
    const response = await get({ [name]: 'a=secret' })
    expect(response.json()).toEqual({ sent: 'a=secret' })
    expect(response.headers['cache-control']).toBe('no-store')
    expect((await get()).json()).toEqual({ sent: null })
    expect(runs).toBe(2)
  },
)

function change(how: (reply: FastifyReply) => unknown): Handler {
  return (_request, reply) => {
    how(reply)
    return {}
  }
}

test.each<[string, number, Handler]>([
  ['an error', 404, () => Promise.reject(new NotFoundError())],
  ['a bug', 500, () => Promise.reject(new Error('a bug'))],
  ['another status', 202, change((reply) => reply.code(202))],
  ['a cookie', 200, change((reply) => reply.header('set-cookie', 'a=1'))],
  ['other caching', 200, change((reply) => reply.header('cache-control', 'no-cache'))],
  ['a reply of its own', 200, (_request, reply) => reply.send({})],
  ['bytes', 200, () => Buffer.from('bytes')],
])('%s is not cached', async (_name, status, handler) => {
  await start(handler)
  for (const run of [1, 2]) {
    const { statusCode, headers } = await get()
    expect([statusCode, runs]).toEqual([status, run])
    expect(headers).not.toHaveProperty('etag')
    expect(headers['cache-control'] ?? '').not.toContain('max-age')
  }
})

test.each<[string, Handler]>([
  ['returns', () => ({})],
  ['replies itself', (_request, reply) => reply.code(204).send()],
  ['fails after it wrote', () => Promise.reject(new Error('a bug'))],
])('after a write that %s, the next read is fresh', async (_name, handler) => {
  await start()
  app.post('/works', { config: { cache: invalidating } }, async (...args) => handler(...args))
  await get()
  await app.inject({ method: 'POST', url: '/works' })
  expect((await get()).json()).toEqual({ run: 2 })
})

test.each<[string, Handler]>([
  ['returns', () => ({})],
  ['replies itself', (_request, reply) => reply.code(204).send()],
])('the response to a write that %s waits for the cache', async (_name, handler) => {
  await start()
  app.post('/works', { config: { cache: invalidating } }, async (...args) => handler(...args))
  const events: string[] = []
  vi.spyOn(app.cache, 'invalidateTags').mockImplementation(async () => {
    await setTimeout(20)
    events.push('invalidated')
  })
  await app.inject({ method: 'POST', url: '/works' })
  events.push('answered')
  expect(events[0]).toBe('invalidated')
})

test('a write that is refused before it starts changes nothing', async () => {
  await start()
  const config = { cache: invalidating }
  const refuse = () => Promise.reject(new NotFoundError())
  app.post('/works', { config, preHandler: refuse }, async () => ({}))
  await get()
  await app.inject({ method: 'POST', url: '/works' })
  await get()
  expect(runs).toBe(1)
})

test('a write succeeds while the cache cannot be reached', async () => {
  await start()
  app.post('/works', { config: { cache: invalidating } }, async () => ({}))
  vi.spyOn(app.cache, 'invalidateTags').mockRejectedValue(new Error('gone'))
  expect((await app.inject({ method: 'POST', url: '/works' })).statusCode).toBe(200)
  expect(log.with('cached values not invalidated yet')).toMatchObject([{ tags: ['works'] }])
})

test('while the handler fails, the stale response is served', async () => {
  await start(() => {
    if (runs > 1) throw new Error('a bug')
    return { run: runs }
  })
  await get()
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 70_000)
  expect((await get()).json()).toEqual({ run: 1 })
  expect(runs).toBe(2)
})

test('CACHE_STORE=none caches nothing', async () => {
  await start(undefined, { CACHE_STORE: 'none' })
  await get()
  const { headers } = await get()
  expect(runs).toBe(2)
  expect(headers).not.toHaveProperty('etag')
})

test('only a GET can be cached', async () => {
  await start()
  expect(() => app.post('/works', { config: { cache: cached } }, async () => ({}))).toThrow(
    'POST /works: only a GET can be cached, for up to 86400 seconds.',
  )
})

test.each([
  [{ CACHE_STORE: 'tiered' }, 'CACHE_STORE'],
  [{ CACHE_DURABLE_WRITES: 'true' }, 'CACHE_DURABLE_WRITES'],
])('%o needs REDIS_URL', async (env, variable) => {
  await start()
  expect(() => loadConfig(env)).toThrow(new RegExp(`${variable} .* without REDIS_URL`))
})

test('several workers without Redis cache nothing, because none learns what others write', async () => {
  const config = (env: Env) => loadConfig({ ...env, DATABASE_URL: 'postgres://localhost/app' })
  await start()
  expect(storeKindOf(config({ WORKERS: '2' }))).toBe('none')
  expect(storeKindOf(config({}))).toBe('memory')
})
