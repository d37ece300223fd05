import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'

const origin = 'https://app.example.com'
const sampled = 1_000
const realTimeout = setTimeout

let app: FastifyInstance | undefined

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await app?.close()
})

async function start(env: Env): Promise<FastifyInstance> {
  app = await testApp({ CORS_ORIGINS: origin, ...env })
  app.get('/work', async () => ({}))
  await app.ready()
  return app
}

/** Says that so many bytes of the heap are used. */
function useHeap(heapUsed: number): void {
  const usage = process.memoryUsage()
  vi.spyOn(process, 'memoryUsage').mockReturnValue({ ...usage, heapUsed })
  vi.advanceTimersByTime(sampled)
}

/** Lets nothing run for a while, between two times at which Node measures the event loop. */
async function block(): Promise<void> {
  vi.advanceTimersByTime(sampled)
  await turn()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  await turn()
  vi.advanceTimersByTime(sampled)
}

function turn(): Promise<void> {
  return new Promise((resolve) => realTimeout(resolve, 50))
}

test('a full heap turns requests away until there is room again', async () => {
  const app = await start({ OVERLOAD_HEAP_PERCENT: '90', OVERLOAD_RETRY_AFTER_S: '7' })
  expect((await app.inject('/work')).statusCode).toBe(200)
  useHeap(Number.MAX_SAFE_INTEGER)
  const response = await app.inject({ url: '/work', headers: { origin } })
  expectProblem(response, 503, 'service-unavailable', { detail: 'The service is overloaded.' })
  expect(response.headers['retry-after']).toBe('7')
  expect(response.headers['access-control-allow-origin']).toBe(origin)
  useHeap(1)
  expect((await app.inject('/work')).statusCode).toBe(200)
})

test('a blocked event loop does so too', async () => {
  const app = await start({ OVERLOAD_EVENT_LOOP_DELAY_MS: '10' })
  await block()
  expectProblem(await app.inject('/work'), 503, 'service-unavailable')
})

test('probes are answered all the same', async () => {
  const app = await start({ OVERLOAD_HEAP_PERCENT: '90' })
  useHeap(Number.MAX_SAFE_INTEGER)
  for (const probe of ['live', 'ready', 'startup']) {
    expect((await app.inject(`/health/${probe}`)).statusCode, probe).toBe(200)
  }
  expectProblem(await app.inject('/nowhere'), 503, 'service-unavailable')
})

test('0 is no limit', async () => {
  const anyHeap = await start({ OVERLOAD_HEAP_PERCENT: '0', OVERLOAD_EVENT_LOOP_DELAY_MS: '60000' })
  useHeap(Number.MAX_SAFE_INTEGER)
  await block()
  expect((await anyHeap.inject('/work')).statusCode).toBe(200)
  await anyHeap.close()
  vi.restoreAllMocks()
  const anyDelay = await start({ OVERLOAD_HEAP_PERCENT: '90', OVERLOAD_EVENT_LOOP_DELAY_MS: '0' })
  await block()
  expect((await anyDelay.inject('/work')).statusCode).toBe(200)
})

test('tests have no limit unless they ask for one', async () => {
  const app = await start({})
  expect(app).not.toHaveProperty('isUnderPressure')
})
