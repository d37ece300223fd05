import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { type Client, testClient } from '../support/client.ts'
import { LogLines } from '../support/log.ts'
import { expectProblem } from '../support/problem.ts'
import { testAppWithRoutes } from '../support/routes.ts'

const on = {
  RATE_LIMIT_DEFAULT_LIMIT: '1',
  RATE_LIMIT_ENABLED: 'true',
  RATE_LIMIT_MODE: 'enforce',
}
const limitHeaders = [
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
]
const headersOf = (headers: object) =>
  Object.keys(headers).filter((it) => limitHeaders.includes(it))

let app: FastifyInstance

afterEach(() => app.close())

async function start(env: Env = {}, log = new LogLines()): Promise<Client> {
  app = await testApp({ ...on, LOG_LEVEL: 'info', ...env }, { logStream: log })
  app.get('/work', async () => ({}))
  return testClient(app)
}

test('every route but the exempt ones answers 429 with all headers when its limit is used up', async () => {
  const table = await testAppWithRoutes({ ...on, RATE_LIMIT_ADDRESS_LIMIT: '2' })
  app = table.app
  const limited = table.endpoints.filter(({ url, method }) => {
    return !url.startsWith('/health') && method !== 'OPTIONS'
  })
  expect(limited.length).toBeGreaterThan(5)
  for (const [index, { method, url }] of limited.entries()) {
    const remoteAddress = `192.0.2.${index}`
    const ask = () => app.inject({ method, url, remoteAddress } as InjectOptions)
    let response = await ask()
    expect(response.statusCode, `${method} ${url}`).not.toBe(429)
    for (let request = 0; request < 2; request += 1) response = await ask()
    expect(response.statusCode, `${method} ${url}`).toBe(429)
    expect(headersOf(response.headers).sort(), `${method} ${url}`).toEqual(limitHeaders)
    if (method !== 'HEAD') expectProblem(response, 429, 'rate-limit-exceeded')
  }
})

test('every route of the API has a limit of its own, without declaring one', async () => {
  const table = await testAppWithRoutes({ ...on, RATE_LIMIT_ADDRESS_LIMIT: '0' })
  app = table.app
  const { apiPrefix } = app.config.server
  const ours = table.endpoints.filter(
    ({ url }) => url.startsWith(apiPrefix) && !url.startsWith(`${apiPrefix}/rate-limits`),
  )
  for (const { method, url } of ours) {
    const ask = async () => (await app.inject({ method, url } as InjectOptions)).statusCode
    // The presets of the features allow up to 50.
    for (let left = 50; (await ask()) !== 429 && left > 0; left -= 1);
    expect(await ask(), `${method} ${url}`).toBe(429)
  }
})

test('operators see who and what was refused', async () => {
  const client = await start()
  for (let request = 0; request < 3; request += 1) {
    await app.inject({ url: '/work', headers: { 'user-agent': 'greedy/1.0' } })
  }
  const top = async (query: string) => (await client.get(`/rate-limits${query}`)).json().data
  expect(await top('')).toEqual([{ name: 'ip:127.0.0.1', refused: 2 }])
  expect(await top('?by=route')).toEqual([{ name: 'GET /work', refused: 2 }])
  expect(await top('?by=agent&limit=1&hours=24')).toEqual([{ name: 'greedy/1.0', refused: 2 }])
  expect((await client.get('/rate-limits?by=name')).statusCode).toBe(422)
})

test('operators see what a client has used up, and make it forgotten', async () => {
  const log = new LogLines()
  const client = await start({ RATE_LIMIT_ALGORITHM: 'sliding-window' }, log)
  const path = '/rate-limits/ip:127.0.0.1'
  await app.inject('/work')
  const { data } = (await client.get(path)).json()
  expect(data).toContainEqual({
    scope: 'GET /work',
    limit: 1,
    remaining: 0,
    reset_after_ms: expect.any(Number),
    retry_after_ms: expect.any(Number),
  })
  expect((await client.get(`${path}?tier=premium`)).json().data).toContainEqual(
    expect.objectContaining({ scope: 'GET /work', limit: 10, remaining: 9 }),
  )
  expect((await app.inject('/work')).statusCode).toBe(429)
  expect((await client.delete(path)).statusCode).toBe(204)
  expect((await app.inject('/work')).statusCode).toBe(200)
  expect(log.with('rate limits reset')).toMatchObject([{ client: 'ip:127.0.0.1' }])
  expect((await client.get('/rate-limits/user:nobody')).json()).toEqual({ data: [] })
})

test('a network of IPv6 has a name that fits into a path', async () => {
  const client = await start()
  await app.inject({ url: '/work', remoteAddress: '2001:db8::1' })
  const name = encodeURIComponent('ip:2001:db8:0:0::/64')
  expect((await client.get(`/rate-limits/${name}`)).json().data).toHaveLength(2)
  expect((await client.get('/rate-limits/ip:2001:db8::1')).json().data).toHaveLength(2)
  expect((await client.delete('/rate-limits/ip:2001:DB8::2')).statusCode).toBe(204)
  expect((await client.get(`/rate-limits/${name}`)).json().data).toEqual([])
})

test('RATE_LIMIT_ROUTES_ENABLED: in production the routes are closed unless it opens them', async () => {
  const closed = await start({ NODE_ENV: 'production' })
  expect((await closed.get('/rate-limits')).statusCode).toBe(404)
  await app.close()
  const opened = await start({ NODE_ENV: 'production', RATE_LIMIT_ROUTES_ENABLED: 'true' })
  expect((await opened.get('/rate-limits')).statusCode).toBe(200)
})
