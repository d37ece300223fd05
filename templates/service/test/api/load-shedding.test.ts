import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'

const origin = 'https://app.example.com'
let app: FastifyInstance

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})

afterEach(async () => {
  vi.useRealTimers()
  await app.close()
})

async function listen(limit: string, beforeListening = async () => {}): Promise<FastifyInstance> {
  app = await testApp({ CORS_ORIGINS: origin, OVERLOAD_EVENT_LOOP_DELAY_MS: limit })
  app.get('/work', async () => ({}))
  await app.ready()
  await beforeListening()
  await app.listen({ port: 0 })
  return app
}

function block(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
}

/** Lets the event loop turn before and after `work`. */
async function around(work = () => {}): Promise<void> {
  await sleep(30)
  work()
  await sleep(30)
}

/** A second of the service, in which it is busy for `work`. */
async function second(work?: () => void): Promise<void> {
  await around(work)
  vi.advanceTimersByTime(1_000)
}

test('turns requests away while the event loop lags, and recovers', async () => {
  const app = await listen('50')
  while (!app.overload.active) await second(block)
  const response = await app.inject({ url: '/work', headers: { origin } })
  expectProblem(response, 503, 'service-unavailable', { detail: 'The service is overloaded.' })
  expect(response.headers['retry-after']).toBe('5')
  expect(response.headers['access-control-allow-origin']).toBe(origin)
  expect((await app.inject('/health/live')).statusCode).toBe(200)
  expectProblem(await app.inject('/health/ready'), 503, 'service-unavailable')
  while (app.overload.active) await second()
  expect((await app.inject('/work')).statusCode).toBe(200)
})

test('does not count what happened before the service listened', async () => {
  const app = await listen('100', () => around(block))
  await second()
  expect(app.overload.active).toBe(false)
})

test('turns nothing away if the limit is 0', async () => {
  const app = await listen('0')
  await second(block)
  expect((await app.inject('/work')).statusCode).toBe(200)
})
