import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test, vi } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'

const origin = 'https://app.example.com'
let app: FastifyInstance

afterEach(() => app.close())

async function listen(limit: string): Promise<FastifyInstance> {
  app = await testApp({ CORS_ORIGINS: origin, OVERLOAD_EVENT_LOOP_DELAY_MS: limit })
  app.get('/work', async () => ({}))
  await app.listen({ port: 0 })
  return app
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Lets the event loop turn only now and then, until the service notices. */
async function overload(app: FastifyInstance): Promise<void> {
  const isNoticed = () => {
    block(200)
    return app.overload.active
  }
  await vi.waitUntil(isNoticed, { timeout: 30_000, interval: 10 })
}

test('turns requests away while the event loop lags, and recovers', async () => {
  const app = await listen('50')
  expect((await app.inject('/work')).statusCode).toBe(200)
  await overload(app)
  const response = await app.inject({ url: '/work', headers: { origin } })
  expectProblem(response, 503, 'service-unavailable', { detail: 'The service is overloaded.' })
  expect(response.headers['retry-after']).toBe('5')
  expect(response.headers['access-control-allow-origin']).toBe(origin)
  expect((await app.inject('/health/live')).statusCode).toBe(200)
  expectProblem(await app.inject('/health/ready'), 503, 'service-unavailable')
  await vi.waitUntil(() => !app.overload.active, { timeout: 30_000 })
  expect((await app.inject('/work')).statusCode).toBe(200)
})

test('does not measure at all if the limit is 0', async () => {
  const app = await listen('0')
  block(1_100)
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(app.overload.active).toBe(false)
})
