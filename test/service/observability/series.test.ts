import { STATUS_CODES } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'
import { marker } from '../../support/problem.ts'
import { seed } from '../support/seed.ts'

const requests = 10_000
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'PURGE']
const statuses = Object.keys(STATUS_CODES)
  .map(Number)
  .filter((status) => status >= 200)

let app: FastifyInstance

afterEach(() => app.close())

/** The same numbers from 0 to 1 for the same seed: mulberry32. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

async function seriesOf(service: FastifyInstance): Promise<string[]> {
  const { body } = await service.inject('/metrics')
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .filter((series) => !/^(nodejs|process)_/.test(series))
}

test('random paths, methods, headers and statuses add no series', async () => {
  app = await testApp()
  const url = '/answers/:status/:id'
  app.route({
    method: ['GET', 'POST'],
    url,
    handler: async (request, reply) => {
      const { status } = request.params as { status: string }
      return reply.code(Number(status)).send()
    },
  })
  const cached = { cache: { ttl: 60, tags: ['cached'] } }
  app.get('/cached/:id', { config: cached }, async () => ({}))
  const random = randomFrom(seed)
  const one = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T
  const methodsOf = (path: string) => {
    if (path.startsWith('/cached')) return ['GET', 'HEAD']
    return path.startsWith('/answers') ? ['GET', 'HEAD', 'POST'] : methods
  }
  const text = () => `${marker}${Math.floor(random() * 1e9).toString(36)}`
  const send = (method: string, path: string, headers = {}) => {
    // With credentials a request passes the cache by.
    const key = path.startsWith('/cached') ? {} : { 'x-api-key': text() }
    return app.inject({ method: method as 'GET', url: path, headers: { ...headers, ...key } })
  }

  // Every kind once.
  for (const method of methods) {
    for (const path of ['/nowhere', '/u/%zz', '/api/v1/nowhere']) await send(method, path)
  }
  for (const status of statuses) {
    for (const method of ['GET', 'HEAD', 'POST']) await send(method, `/answers/${status}/1`)
  }
  for (const method of ['GET', 'HEAD']) await send(method, '/cached/1')
  const before = await seriesOf(app)
  for (let count = 0; count < requests; count += 1) {
    const path = one([
      () => `/${text()}?${text()}=${text()}`,
      () => `/api/v1/${text()}/${text()}`,
      () => `/${text()}/%zz`,
      () => `/answers/${one(statuses)}/${text()}`,
      () => `/cached/${text()}?${text()}=${text()}`,
    ])()
    const traceparent = one([text(), `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`])
    const headers = { traceparent, 'user-agent': text(), 'x-request-id': text() }
    await send(one(methodsOf(path)), path, headers)
  }
  const after = await seriesOf(app)
  expect((await app.inject('/metrics')).body).toMatch(/^cache_misses_total\{.*\} \d{3,}$/m)
  expect(after.filter((series) => !before.includes(series))).toEqual([])
  expect(after).toHaveLength(before.length)
  expect(after.join('\n')).not.toContain(marker)
})

test('two apps in one process measure apart', async () => {
  app = await testApp()
  const other = await testApp()
  await app.inject('/nowhere')
  const counted = /^api_endpoint_calls_total\{.*__unmatched__.*\} 1$/m
  expect((await app.inject('/metrics')).body).toMatch(counted)
  expect((await other.inject('/metrics')).body).not.toMatch(counted)
  await other.close()
})

test('a collector that never ends delays a page, and no more', async () => {
  app = await testApp()
  app.metrics.onCollect(() => new Promise(() => {}))
  expect((await app.inject('/metrics')).statusCode).toBe(200)
})
