import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { type Client, testClient } from '../support/client.ts'
import { runCommand } from '../support/console.ts'
import { LogLines } from '../support/log.ts'
import { testAppWithRoutes } from '../support/routes.ts'

const on = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_MODE: 'enforce', RATE_LIMIT_DEFAULT_LIMIT: '1' }
let app: FastifyInstance
let log: LogLines

beforeEach(() => {
  log = new LogLines()
  // Time stands still, so that no token comes back on a slow machine.
  vi.spyOn(performance, 'now').mockReturnValue(1_000_000)
})
afterEach(() => {
  vi.restoreAllMocks()
  return app.close()
})

async function start(env: Env = {}): Promise<Client> {
  app = await testApp({ ...on, LOG_LEVEL: 'info', ...env }, { logStream: log })
  app.get('/work', async () => ({}))
  return testClient(app)
}

test('every route except health checks answers 429 with all headers at its limit', async () => {
  const table = await testAppWithRoutes({ ...on, RATE_LIMIT_ADDRESS_LIMIT: '2' })
  app = table.app
  const limited = table.endpoints.filter(
    ({ url, method }) => !url.startsWith('/health') && method !== 'OPTIONS',
  )
  expect(limited.length).toBeGreaterThan(5)
  for (const [index, { method, url }] of limited.entries()) {
    const options = { method, url, remoteAddress: `192.0.2.${index}` } as InjectOptions
    const first = await app.inject(options)
    expect(first.statusCode, `${method} ${url}`).not.toBe(429)
    await app.inject(options)
    const { statusCode, headers } = await app.inject(options)
    expect(statusCode, `${method} ${url}`).toBe(429)
    const names = Object.keys(headers).filter((name) => /ratelimit|retry-after/.test(name))
    expect(names, `${method} ${url}`).toHaveLength(6)
  }
})

test('operators see what was refused most', async () => {
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

test('operators see what a client has used, and reset it', async () => {
  const client = await start()
  const path = '/rate-limits/ip:127.0.0.1'
  await app.inject('/work')
  expect((await client.get(path)).json().data).toContainEqual({
    scope: 'GET /work',
    limit: 1,
    remaining: 0,
    nextAfterMs: 60_000,
    resetAfterMs: 60_000,
  })
  const premium = (await client.get(`${path}?tier=premium`)).json().data
  expect(premium).toContainEqual(
    expect.objectContaining({ scope: 'GET /work', limit: 10, remaining: 9 }),
  )
  expect(premium).toContainEqual(expect.objectContaining({ scope: 'address', limit: 1_000 }))
  expect((await app.inject('/work')).statusCode).toBe(429)
  expect((await client.delete(path)).statusCode).toBe(204)
  expect((await app.inject('/work')).statusCode).toBe(200)
  expect(log.with('rate limits reset')).toMatchObject([{ client: 'ip:127.0.0.1' }])
  expect((await client.get('/rate-limits/user:nobody')).json()).toEqual({ data: [] })
})

test('monitor rate-limits says where the counts are without REDIS_URL', async () => {
  app = await testApp()
  const { exitCode, stderr } = await runCommand(['monitor', 'rate-limits', '--top', '5'])
  expect(exitCode).toBe(1)
  expect(stderr).toContain('GET /api/v1/rate-limits?by=client')
})
