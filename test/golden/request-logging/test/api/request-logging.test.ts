import { Readable } from 'node:stream'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'

const log = new LogLines()
let app: FastifyInstance

async function start(env: Env): Promise<FastifyInstance> {
  const made = await testApp({ LOG_LEVEL: 'info', ...env }, { logStream: log })
  const form = 'application/x-www-form-urlencoded'
  made.addContentTypeParser(form, { parseAs: 'string' }, (_request, text, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(text)))),
  )
  made.addContentTypeParser('image/png', { parseAs: 'buffer' }, (_request, bytes, done) =>
    done(null, bytes),
  )
  made.post('/echo', async () => 'done')
  made.get('/stream', async () => Readable.from(['abc', 'de']))
  return made
}

beforeAll(async () => {
  app = await start({ REQUEST_LOGGING_ENABLED: 'true', REQUEST_LOGGING_MAX_BODY_SIZE: '100' })
})

beforeEach(() => {
  log.lines.length = 0
})

afterAll(() => app.close())

/** The line of one request. */
async function lineOf(request: InjectOptions, from = app): Promise<Record<string, unknown>> {
  await from.inject(request)
  expect(log.lines).toHaveLength(1)
  return log.lines[0] ?? {}
}

function post(type: string, payload: string | Buffer): Promise<Record<string, unknown>> {
  return lineOf({ method: 'POST', url: '/echo', headers: { 'content-type': type }, payload })
}

test('logs query, headers, body and sizes, masked, in the line of the request', async () => {
  const line = await lineOf({
    method: 'POST',
    url: '/echo?page=2&token=hunter2',
    headers: {
      authorization: 'Bearer hunter2',
      cookie: 'sid=hunter2',
      'x-api-key': 'hunter2',
      'proxy-authorization': 'Basic hunter2',
      'user-agent': 'curl/8',
    },
    payload: [{ name: 'Ada', email: 'ada@example.com', password: 'hunter2' }],
  })
  expect(line).toMatchObject({
    method: 'POST',
    path: '/echo',
    status: 200,
    client_ip: '127.0.0.1',
    user_agent: 'curl/8',
    query: { page: '2', token: '********' },
    headers: { authorization: '********', cookie: '********', 'x-api-key': '********' },
    body: [{ name: 'Ada', email: 'a***@example.com', password: '********' }],
    response_size: 4,
    msg: 'request completed',
  })
  expect(JSON.stringify(line)).not.toMatch(/hunter2|ada@/)
})

test('logs a form', async () => {
  const line = await post('application/x-www-form-urlencoded', 'name=Ada&password=hunter2')
  expect(line.body).toEqual({ name: 'Ada', password: '********' })
})

test.each([
  ['is too large', 'application/json', JSON.stringify('x'.repeat(101)), /more than 100 bytes/],
  ['is binary', 'image/png', Buffer.from([1, 2]), /image\/png/],
  ['is of a type that is refused', 'text/plain', 'hunter2', /text\/plain/],
  ['is not JSON', 'application/json', '{"password":"hunter2"', /not parsed/],
])('says that a body %s instead of logging it', async (_what, type, payload, reason) => {
  const line = await post(type, payload)
  expect(line.body).toMatch(reason)
  expect(JSON.stringify(line)).not.toContain('hunter2')
})

test('counts the bytes of a stream', async () => {
  expect(await lineOf({ url: '/stream' })).toMatchObject({ response_size: 5 })
})

test('logs no body where there is none, and nothing more about quiet routes', async () => {
  expect(await lineOf({ url: '/nowhere' })).not.toHaveProperty('body')
  log.lines.length = 0
  app.draining.active = true
  expect(await lineOf({ url: '/health/ready' })).not.toHaveProperty('headers')
  app.draining.active = false
})

test.each([
  [{}, false],
  [{ APP_DEBUG: 'true' }, true],
  [{ APP_DEBUG: 'true', REQUEST_LOGGING_ENABLED: 'false' }, false],
  [{ NODE_ENV: 'development' }, true],
])('%o logs more: %s', async (env, isOn) => {
  const other = await start(env)
  await other.ready()
  log.lines.length = 0
  expect('headers' in (await lineOf({ url: '/nowhere' }, other))).toBe(isOn)
  await other.close()
})
