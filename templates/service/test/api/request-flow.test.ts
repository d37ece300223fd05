import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'

const origin = 'https://app.example.com'
let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ CORS_ORIGINS: origin, OVERLOAD_EVENT_LOOP_DELAY_MS: '60000' })
})

afterAll(() => app.close())

test('plugins are registered in the order of the flow', async () => {
  await app.ready()
  const names = [...app.printPlugins().matchAll(/^[├└]─[─┬] ([\w-]+) /gm)].map((match) => match[1])
  const flow = [
    'cors',
    'security-headers',
    'request-id',
    'errors',
    'protocol',
    'json-body',
    'not-found',
    'unguarded-routes',
    'draining',
    'load-shedding',
    'timing',
    'openapi',
    'error-pages',
    'health',
  ]
  expect(names.filter((name) => flow.includes(name ?? ''))).toEqual(flow)
})

// Each plugin leaves its header when a request meets it, and headers are sent in that order.
test('a request meets them in that order', async () => {
  const { headers } = await app.inject({ url: '/health/live', headers: { origin, cookie: 'a=1' } })
  const flow = ['access-control-allow-origin', 'cache-control', 'x-request-id', 'server-timing']
  expect(Object.keys(headers).filter((name) => flow.includes(name))).toEqual(flow)
})

test('a preflight is answered by the first of them', async () => {
  const { headers } = await app.inject({
    method: 'OPTIONS',
    url: '/health/live',
    headers: { origin, 'access-control-request-method': 'GET' },
  })
  expect(headers).not.toHaveProperty('x-request-id')
})
