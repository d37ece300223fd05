import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testApp } from '../../support/app.ts'

let app: FastifyInstance

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})

afterEach(async () => {
  vi.useRealTimers()
  await app.close()
})

async function listen(limit: string, beforeListening = async () => {}): Promise<FastifyInstance> {
  app = await testApp({ OVERLOAD_EVENT_LOOP_DELAY_MS: limit })
  app.get('/work', async () => ({}))
  await app.ready()
  await beforeListening()
  await app.listen({ port: 0 })
  return app
}

function block(ms = 1_000): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
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

test('does not count what happened before the service listened', async () => {
  const app = await listen('80', () => around(() => block(2_000)))
  await second()
  expect(app.overload.active).toBe(false)
})

test('turns nothing away if the limit is 0', async () => {
  const app = await listen('0')
  await second(() => block())
  expect((await app.inject('/work')).statusCode).toBe(200)
})
