import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'

const origin = 'https://app.example.com'

/** A second of the service, in which its event loop stands still for `ms`. */
async function second(ms = 0): Promise<void> {
  await sleep(20)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  await sleep(20)
  vi.advanceTimersByTime(1_000)
}

test('turns requests away while the event loop lags, and recovers', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const app = await testApp({ CORS_ORIGINS: origin, OVERLOAD_EVENT_LOOP_DELAY_MS: '50' })
  onTestFinished(() => app.close())
  app.get('/work', async () => ({}))
  await app.listen({ port: 0 })

  while (!app.overload.active) await second(500)
  const response = await app.inject({ url: '/work', headers: { origin } })
  expectProblem(response, 503, 'service-unavailable', { detail: 'The service is overloaded.' })
  expect(response.headers['retry-after']).toBe('5')
  expect(response.headers['access-control-allow-origin']).toBe(origin)
  expect((await app.inject('/health/live')).statusCode).toBe(200)
  expectProblem(await app.inject('/health/ready'), 503, 'service-unavailable')

  while (app.overload.active) await second()
  expect((await app.inject('/work')).statusCode).toBe(200)
})
